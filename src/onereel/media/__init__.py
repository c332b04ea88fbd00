"""Reading and writing pictures, clips and sound; the only place that touches codecs.

- `write`: encodes films and sound as they are; `marks.film` is what writes generated ones
- `read`: pictures, checked before they are decoded
- `sandbox`: clips and recordings, decoded in a child process with hard limits (`decode_child`)
- `sheet`: contact sheets and film strips for people to look at

Import the submodule that is needed: this file stays empty so that nothing loads unasked.
"""
