"""What only the project itself needs: generated pages, and the test of the built wheel."""
