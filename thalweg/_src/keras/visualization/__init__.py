"""Pictures of what models see: boxes and masks drawn on images, galleries of images."""
