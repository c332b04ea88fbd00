"""The Backlot: a film set rendered by code, the only training data of the model.

- `script.write_script(seed)` decides everything about a clip: who, where, doing what, filmed how.
- `shoot.shoot(script)` renders it to frames, synchronous stereo sound and exact ground truth.
- `captions.caption(script, rng)` describes it in English or Chinese in many wordings.

Called from training data builders and evaluation. Import the submodules directly: this file stays
empty so that importing the package costs nothing.
"""
