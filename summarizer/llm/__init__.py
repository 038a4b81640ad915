"""The seam to the model: one method, and what stands behind it."""
