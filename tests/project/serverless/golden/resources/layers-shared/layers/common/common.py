# a module of the layer
