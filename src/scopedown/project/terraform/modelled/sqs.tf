# What terraform-aws-modules/sqs makes, as far as it matters to roles: the queue and its dead-letter queue.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources, and defaults: variables.tf,
# outputs.tf and main.tf of the module's repository at cc15171 (5.2.1); outputs sqs_queue_…: at bad8dc0 (3.4.0).

variable "create" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "use_name_prefix" { default = false }
variable "fifo_queue" { default = false }
variable "kms_master_key_id" { default = null }
variable "create_dlq" { default = false }
variable "dlq_name" { default = null }
variable "dlq_kms_master_key_id" { default = null }

locals {
  plain    = try(trimsuffix(var.name, ".fifo"), null)
  dlq      = try(coalesce(trimsuffix(var.dlq_name, ".fifo"), "${local.plain}-dlq"), "${local.plain}-dlq")
  is_named = var.name != null && !var.use_name_prefix
}

resource "aws_sqs_queue" "this" {
  count             = var.create ? 1 : 0
  name              = local.is_named ? (var.fifo_queue ? "${local.plain}.fifo" : local.plain) : null
  fifo_queue        = var.fifo_queue
  kms_master_key_id = var.kms_master_key_id
}

resource "aws_sqs_queue" "dlq" {
  count             = var.create && var.create_dlq ? 1 : 0
  name              = local.is_named ? (var.fifo_queue ? "${local.dlq}.fifo" : local.dlq) : null
  fifo_queue        = var.fifo_queue
  kms_master_key_id = try(coalesce(var.dlq_kms_master_key_id, var.kms_master_key_id), null)
}

output "queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_arn_static" { value = try(aws_sqs_queue.this[0].arn, "") }
output "queue_url" { value = try(aws_sqs_queue.this[0].url, null) }
output "queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
output "dead_letter_queue_id" { value = try(aws_sqs_queue.dlq[0].id, null) }
output "dead_letter_queue_arn" { value = try(aws_sqs_queue.dlq[0].arn, null) }
output "dead_letter_queue_arn_static" { value = try(aws_sqs_queue.dlq[0].arn, "") }
output "dead_letter_queue_url" { value = try(aws_sqs_queue.dlq[0].url, null) }
output "dead_letter_queue_name" { value = try(aws_sqs_queue.dlq[0].name, null) }
output "sqs_queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "sqs_queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "sqs_queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
