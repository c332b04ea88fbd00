import pytest

from onereel.model.tokenizer import Tokenizer, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(["a girl runs in the snow", "女孩在雪地里跑", "the dog barks"] * 8, 400)


@pytest.mark.parametrize(
    "mention", ["Image 1", "@Image1", "[Image 1]", "图片1", "@图片1", "image1"]
)
def test_a_reference_is_one_token_however_written(tokenizer, mention):
    image_one = tokenizer.encode("Image 1")
    assert len(image_one) == 1
    assert tokenizer.encode(f"the girl of {mention}").count(image_one[0]) == 1


def test_references_of_different_number_and_kind_differ(tokenizer):
    ids = [tokenizer.encode(text)[0] for text in ("Image 1", "Image 2", "Video 1", "Audio 1")]
    assert len(set(ids)) == 4


def test_a_reference_past_the_limit_stays_words(tokenizer):
    assert len(tokenizer.encode("Video 7")) > 1


def test_quoted_lines_are_spelled(tokenizer):
    plain = tokenizer.encode("snow")
    quoted = tokenizer.encode('"snow"')
    assert len(quoted) == 2 + 4
    assert len(plain) < 4


def test_control_tokens_in_a_prompt_are_only_text(tokenizer):
    assert 0 not in tokenizer.encode("<pad> girl")
    assert tokenizer.none_id not in tokenizer.encode("<none>")


def test_any_script_has_no_unknowns_and_survives_a_file(tokenizer, tmp_path):
    text = "ñandú 🦤 ไทย “quoted ไทย”"
    tokenizer.save(tmp_path / "tokenizer.json")
    again = Tokenizer.load(tmp_path / "tokenizer.json")
    assert again.encode(text) == tokenizer.encode(text)
    assert len(tokenizer.encode(text)) > 10
