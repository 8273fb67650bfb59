"""Terraform and OpenTofu configurations, and the plans that they print, as projects."""
