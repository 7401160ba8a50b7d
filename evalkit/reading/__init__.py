"""The claim reader: a text goes in, its claims come out with what they lack and what misleads.

It knows texts and numbers, never projects or documents. One way through: `tokens` → `numbers`
→ `quantities` (which are claims) → `roles` (goals, yardsticks, earlier values) → `facts` →
`missing` and `traps` → `computed`. What each word does stands in ``words/<language>.yaml``.
"""
