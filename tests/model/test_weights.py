import json
import shutil

import pytest
import torch

from onereel.errors import WrongUse
from onereel.model import weights
from onereel.model.weights import load_tensors, open_model, save_module
from toys import toy_transformer


@pytest.mark.parametrize(("storage", "error"), [("float32", 0), ("bfloat16", 4e-3), ("int8", 8e-3)])
def test_a_network_survives_its_file(tmp_path, storage, error):
    model = toy_transformer()
    save_module(tmp_path, "transformer", model, model.cfg, storage)
    loaded = weights.load_transformer(tmp_path)
    assert loaded.cfg == model.cfg
    for name, tensor in model.state_dict().items():
        largest = float(tensor.abs().max())
        assert (loaded.state_dict()[name] - tensor).abs().max() <= error * largest


def test_large_networks_are_cut_into_shards(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "SHARD_BYTES", 20_000)
    model = toy_transformer()
    save_module(tmp_path, "transformer", model, model.cfg, "float32")
    assert len(list(tmp_path.glob("transformer-*.safetensors"))) > 3
    assert load_tensors(tmp_path, "transformer").keys() == model.state_dict().keys()
    monkeypatch.setattr(weights, "SHARD_BYTES", 1 << 30)
    save_module(tmp_path, "transformer", model, model.cfg, "float32")
    assert len(list(tmp_path.glob("transformer-*.safetensors"))) == 1


def test_a_sealed_model_opens_and_its_hash_names_it(toy_model):
    model = open_model(toy_model)
    assert model.sampling.sizes["16:9"] == (64, 36)
    assert len(model.weights_hash) == 64
    assert open_model(toy_model).weights_hash == model.weights_hash
    assert not any(torch.isnan(p).any() for p in model.transformer.parameters())


def test_one_flipped_bit_is_found(toy_model, tmp_path):
    folder = shutil.copytree(toy_model, tmp_path / "model")
    path = next(folder.glob("transformer-*.safetensors"))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(WrongUse, match="is damaged"):
        open_model(folder)


def test_missing_weights_and_files_are_one_sentence(toy_model, tmp_path):
    with pytest.raises(WrongUse, match="There are no weights in"):
        open_model(tmp_path)
    folder = shutil.copytree(toy_model, tmp_path / "model")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(WrongUse, match=r"lack tokenizer\.json"):
        open_model(folder)


def test_a_broken_manifest_is_one_sentence(toy_model, tmp_path):
    folder = shutil.copytree(toy_model, tmp_path / "model")
    whole = json.loads((folder / "model.json").read_text())
    for text in ("{", "{}", json.dumps({**whole, "sampling": {"x": 1}})):
        (folder / "model.json").write_text(text)
        with pytest.raises(WrongUse, match="can't be read") as caught:
            open_model(folder)
        assert "\n" not in str(caught.value)


def test_a_file_that_the_manifest_does_not_list_is_refused(toy_model, tmp_path):
    folder = shutil.copytree(toy_model, tmp_path / "model")
    shutil.copy(folder / "transformer-0.safetensors", folder / "transformer-9.safetensors")
    with pytest.raises(WrongUse, match="not part of this model"):
        open_model(folder)
