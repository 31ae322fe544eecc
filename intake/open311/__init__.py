"""GeoReport v2, the way cities publish and take in reports; see docs/open311.md."""
