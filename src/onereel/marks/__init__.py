"""What every film says of itself: label, metadata, watermarks, credentials; and their reader."""
