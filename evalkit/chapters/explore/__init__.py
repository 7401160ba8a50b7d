"""How a result shows itself in JupyterLab: exact, and marked internal."""
