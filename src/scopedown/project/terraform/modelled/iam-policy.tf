# What the iam-policy module of terraform-aws-modules/iam makes: a managed policy.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources: modules/iam-policy of the module's
# repository at 981121b (6.5.0) and at 5.5x.

variable "create" { default = true }
variable "create_policy" { default = true }
variable "name" { default = null }
variable "policy" { default = "" }

resource "aws_iam_policy" "policy" {
  count  = var.create && var.create_policy ? 1 : 0
  name   = var.name
  policy = var.policy
}

output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "policy" { value = try(aws_iam_policy.policy[0].policy, "") }
