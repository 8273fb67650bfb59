# What terraform-aws-modules/step-functions makes, as far as it matters to functions: the state machine and its role,
# whose policies are not read. Written for scopedown; no text of the module. Names of inputs, outputs and resources, and
# defaults: variables.tf, outputs.tf and main.tf of the module's repository at c22ca4b (5.0.2). path.unread is
# scopedown's own: a value that nobody knows.

variable "create" { default = true }
variable "create_role" { default = true }
variable "use_existing_role" { default = false }
variable "role_arn" { default = "" }
variable "role_name" { default = null }
variable "name" { default = "" }
variable "type" { default = "STANDARD" }
variable "definition" { default = null }

locals {
  makes_role = var.create && var.create_role && !var.use_existing_role
}

resource "aws_sfn_state_machine" "this" {
  count      = var.create ? 1 : 0
  name       = var.name
  role_arn   = local.makes_role ? aws_iam_role.this[0].arn : var.role_arn
  definition = var.definition
  type       = upper(var.type)
}

resource "aws_iam_role" "this" {
  count              = local.makes_role ? 1 : 0
  name               = coalesce(var.role_name, var.name)
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "states.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "service" {
  count      = local.makes_role ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = path.unread
}

output "state_machine_id" { value = try(aws_sfn_state_machine.this[0].id, "") }
output "state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
output "state_machine_name" { value = try(aws_sfn_state_machine.this[0].name, "") }
output "role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "role_name" { value = try(aws_iam_role.this[0].name, "") }
