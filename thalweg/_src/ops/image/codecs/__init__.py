"""Images as files: JPEG, PNG, GIF, BMP, WebP and JPEG XL, read and written on the host."""
