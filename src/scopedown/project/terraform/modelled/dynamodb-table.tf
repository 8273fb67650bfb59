# What terraform-aws-modules/dynamodb-table makes, as far as it matters to roles: the table with its indexes and stream.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources, and defaults: variables.tf,
# outputs.tf and main.tf of the module's repository at 45c9cb1 (5.5.0).

variable "create_table" { default = true }
variable "autoscaling_enabled" { default = false }
variable "ignore_changes_global_secondary_index" { default = false }
variable "name" { default = null }
variable "stream_enabled" { default = false }
variable "stream_view_type" { default = null }
variable "global_secondary_indexes" { default = [] }
variable "local_secondary_indexes" { default = [] }
variable "server_side_encryption_kms_key_arn" { default = null }

resource "aws_dynamodb_table" "this" {
  count            = var.create_table ? 1 : 0
  name             = var.name
  stream_enabled   = var.stream_enabled
  stream_view_type = var.stream_view_type

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes
    content {
      name = global_secondary_index.value.name
    }
  }
  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes
    content {
      name = local_secondary_index.value.name
    }
  }
  dynamic "server_side_encryption" {
    for_each = var.server_side_encryption_kms_key_arn == null ? [] : [true]
    content {
      kms_key_arn = var.server_side_encryption_kms_key_arn
    }
  }
}

output "dynamodb_table_arn" { value = try(aws_dynamodb_table.this[0].arn, "") }
output "dynamodb_table_id" { value = try(aws_dynamodb_table.this[0].id, "") }
output "dynamodb_table_stream_arn" { value = try(aws_dynamodb_table.this[0].stream_arn, null) }
