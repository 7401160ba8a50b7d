"""All reports of a folder beside each other, from their manifests alone."""
