# What terraform-aws-modules/sns makes, as far as it matters to roles: the topic and its subscriptions.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources, and defaults: variables.tf,
# outputs.tf and main.tf of the module's repository at 8df4ec0 (7.1.0); outputs sns_topic_…: version 4.

variable "create" { default = true }
variable "name" { default = null }
variable "use_name_prefix" { default = false }
variable "fifo_topic" { default = false }
variable "kms_master_key_id" { default = null }
variable "create_subscription" { default = true }
variable "subscriptions" { default = {} }

locals {
  plain = try(trimsuffix(var.name, ".fifo"), null)
}

resource "aws_sns_topic" "this" {
  count             = var.create ? 1 : 0
  name              = var.name == null || var.use_name_prefix ? null : (var.fifo_topic ? "${local.plain}.fifo" : local.plain)
  fifo_topic        = var.fifo_topic
  kms_master_key_id = var.kms_master_key_id
}

resource "aws_sns_topic_subscription" "this" {
  for_each  = var.create && var.create_subscription ? var.subscriptions : {}
  topic_arn = aws_sns_topic.this[0].arn
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}

output "topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "topic_name" { value = try(aws_sns_topic.this[0].name, null) }
output "subscriptions" { value = aws_sns_topic_subscription.this }
output "sns_topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "sns_topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "sns_topic_name" { value = try(aws_sns_topic.this[0].name, null) }
