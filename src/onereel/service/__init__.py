"""The server: Ark's and OpenAI's dialects over durable jobs."""
