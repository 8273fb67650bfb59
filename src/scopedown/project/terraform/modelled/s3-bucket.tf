# What terraform-aws-modules/s3-bucket makes, as far as it matters to roles: the bucket and the policy that is given.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources, and defaults: variables.tf,
# outputs.tf and main.tf of the module's repository at dd0c434 (5.15.4). Statements that it adds itself by attach_…
# deny, or allow services of AWS.

variable "create_bucket" { default = true }
variable "bucket" { default = null }
variable "attach_policy" { default = false }
variable "policy" { default = null }

resource "aws_s3_bucket" "this" {
  count  = var.create_bucket ? 1 : 0
  bucket = var.bucket
}

resource "aws_s3_bucket_policy" "this" {
  count  = var.create_bucket && var.attach_policy ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  policy = var.policy
}

output "s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
