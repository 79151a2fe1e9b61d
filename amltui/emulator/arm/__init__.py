"""The Resource Manager side: places, computes, prices, operations. Records and their bodies."""
