"""The learned model: autoencoders, text encoder, joint transformer, sampler, weights.

Ground floor of the house: nothing here imports the rest of onereel.
Kept empty so that `import onereel` does not load torch.
"""
