"""What every stage speaks: places, findings and symbolic text. Standard library only."""
