"""From a schema to what a model is asked: its fields, their codebook, and the draft that it fills.

Nothing here depends on an article, so all of it is made once for each schema. Only the pipeline and the plans
import it.
"""
