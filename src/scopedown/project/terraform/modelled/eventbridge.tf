# What terraform-aws-modules/eventbridge makes, as far as it matters to functions: the bus, rules with their targets,
# schedules, and the role of both, whose policies are not read. Written for scopedown; no text of the module. Names of
# inputs, outputs and resources, and defaults: variables.tf, outputs.tf, main.tf and iam.tf of the module's repository at
# f993472 (4.3.2). path.unread is scopedown's own: a value that nobody knows.

variable "create" { default = true }
variable "create_bus" { default = true }
variable "create_role" { default = true }
variable "create_rules" { default = true }
variable "create_targets" { default = true }
variable "create_schedules" { default = true }
variable "create_schedule_groups" { default = true }
variable "append_rule_postfix" { default = true }
variable "append_schedule_postfix" { default = true }
variable "append_schedule_group_postfix" { default = true }
variable "bus_name" { default = "default" }
variable "role_name" { default = null }
variable "rules" { default = {} }
variable "targets" { default = {} }
variable "schedules" { default = {} }
variable "schedule_groups" { default = {} }

locals {
  makes_role = var.create && var.create_role
  bus        = var.create && var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name
  names      = { for key, rule in var.rules : key => var.append_rule_postfix ? "${replace(key, "_", "-")}-rule" : key }
  targets = flatten([
    for key, targets in var.targets : [for target in targets : merge(target, { "rule" = lookup(local.names, key, key) })]
  ])
}

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

resource "aws_cloudwatch_event_bus" "this" {
  count = var.create && var.create_bus ? 1 : 0
  name  = var.bus_name
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each            = { for key, rule in var.rules : key => rule if var.create && var.create_rules }
  name                = local.names[each.key]
  event_bus_name      = local.bus
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = { for target in local.targets : target.name => target if var.create && var.create_targets }
  rule     = each.value.rule
  arn      = try(each.value.arn, null)
}

resource "aws_scheduler_schedule_group" "this" {
  for_each = { for key, group in var.schedule_groups : key => group if var.create && var.create_schedule_groups }
  name     = var.append_schedule_group_postfix ? "${replace(each.key, "_", "-")}-group" : each.key
}

resource "aws_scheduler_schedule" "this" {
  for_each            = { for key, schedule in var.schedules : key => schedule if var.create && var.create_schedules }
  name                = var.append_schedule_postfix ? "${replace(each.key, "_", "-")}-schedule" : each.key
  schedule_expression = try(each.value.schedule_expression, null)

  target {
    arn      = try(each.value.arn, null)
    role_arn = try(each.value.role_arn, aws_iam_role.eventbridge[0].arn)
  }
}

resource "aws_iam_role" "eventbridge" {
  count              = local.makes_role ? 1 : 0
  name               = coalesce(var.role_name, var.bus_name)
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["events.amazonaws.com", "scheduler.amazonaws.com"] } }] })
}

resource "aws_iam_role_policy_attachment" "service" {
  count      = local.makes_role ? 1 : 0
  role       = aws_iam_role.eventbridge[0].name
  policy_arn = path.unread
}

output "eventbridge_bus_name" { value = var.bus_name }
output "eventbridge_bus_arn" { value = try(aws_cloudwatch_event_bus.this[0].arn, "") }
output "eventbridge_rule_ids" { value = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.id } }
output "eventbridge_rule_arns" { value = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.arn } }
output "eventbridge_schedule_arns" { value = { for key, schedule in aws_scheduler_schedule.this : key => schedule.arn } }
output "eventbridge_schedule_group_arns" { value = { for key, group in aws_scheduler_schedule_group.this : key => group.arn } }
output "eventbridge_role_arn" { value = try(aws_iam_role.eventbridge[0].arn, "") }
output "eventbridge_role_name" { value = try(aws_iam_role.eventbridge[0].name, "") }
output "eventbridge_bus" { value = aws_cloudwatch_event_bus.this }
output "eventbridge_rules" { value = aws_cloudwatch_event_rule.this }
