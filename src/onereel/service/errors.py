"""What the service answers when it will not do something: an HTTP status and Ark's code.

- `ApiError` is raised anywhere below the routers; each dialect puts it into its own envelope
- both dialects use the same four fields: code, message, param, type

Codes and statuses are Ark's error-code table (BadRequest 400, Unauthorized 401, Forbidden 403,
NotFound 404, Conflict 409, TooManyRequests 429, InternalServerError 500).
"""

from __future__ import annotations

from typing import Any

from onereel.errors import OnereelError

_TYPES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    413: "RequestEntityTooLarge",
    416: "RangeNotSatisfiable",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
    507: "InsufficientStorage",
}


class ApiError(OnereelError):
    """A refusal that goes out over HTTP.

    status: HTTP status.  code: Ark's, such as InvalidParameter or RateLimitExceeded.
    message: one sentence.  param: the offending field, as Ark names it (content[0].image_url.url).
    retry_after: seconds for the Retry-After header, or None.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        param: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.param, self.retry_after = param, retry_after

    @property
    def type(self) -> str:
        """The class of the status: BadRequest, NotFound, TooManyRequests, ..."""
        return _TYPES.get(self.status, "BadRequest" if self.status < 500 else "InternalServerError")

    def envelope(self) -> dict[str, Any]:
        """The body that Ark's and OpenAI's SDKs parse: {"error": {code, message, param, type}}."""
        told = {"code": self.code, "message": self.message, "param": self.param, "type": self.type}
        return {"error": told}

    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def invalid(message: str, param: str | None = None, code: str = "InvalidParameter") -> ApiError:
    """400: a field is there but cannot be used."""
    return ApiError(400, code, message, param)


def missing(param: str) -> ApiError:
    """400 MissingParameter: a required field was left out."""
    return ApiError(400, "MissingParameter", f"The field {param} is required; give it.", param)
