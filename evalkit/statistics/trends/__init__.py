"""Series of areas over time: changes, interrupted series, differences in differences, synthetic
controls. What an area would have done without a programme is a question of design.
"""
