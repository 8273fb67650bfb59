# What terraform-aws-modules/lambda makes, as far as it matters to roles: functions, layers, roles, policies, triggers.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources, and defaults:
# https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws/latest (inputs, outputs) and iam.tf of the
# module's repository at 23d00f7. path.address is scopedown's own: the address of the module.

variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_package" { default = true }
variable "create_role" { default = true }
variable "create_lambda_function_url" { default = false }
variable "authorization_type" { default = "NONE" }
variable "function_name" { default = "" }
variable "layer_name" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "ignore_source_code_hash" { default = false }
variable "image_config_command" { default = [] }
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }
variable "lambda_role" { default = "" }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "layers" { default = null }
variable "kms_key_arn" { default = null }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "architectures" { default = null }
variable "environment_variables" { default = {} }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "tracing_mode" { default = null }
variable "dead_letter_target_arn" { default = null }
variable "file_system_arn" { default = null }
variable "file_system_local_mount_path" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }
variable "lambda_at_edge" { default = false }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_create_log_group_permission" { default = true }
variable "attach_dead_letter_policy" { default = false }
variable "attach_network_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "attach_async_event_policy" { default = false }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_statements" { default = false }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_statements" { default = {} }
variable "number_of_policy_jsons" { default = 0 }
variable "number_of_policies" { default = 0 }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }

locals {
  makes_function = var.create && var.create_function && !var.create_layer
  makes_role     = local.makes_function && var.create_role
  role_name      = coalesce(var.role_name, var.function_name)
  paths          = flatten([var.source_path])
  first          = try(local.paths[0], null)
  path           = try(local.first.path, local.first)
  package        = var.create_package ? data.archive_file.package.output_path : var.local_existing_package
  group          = local.makes_function && !var.use_existing_cloudwatch_log_group ? aws_cloudwatch_log_group.lambda[0].arn : local.existing
  existing       = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}${var.function_name}"
}

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

data "archive_file" "package" {
  type        = "zip"
  source_dir  = local.path
  output_path = "${path.address}zip"
}

resource "aws_lambda_function" "this" {
  count         = local.makes_function ? 1 : 0
  function_name = var.function_name
  role          = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler       = var.package_type == "Zip" ? var.handler : null
  runtime       = var.package_type == "Zip" ? var.runtime : null
  package_type  = var.package_type
  image_uri     = var.image_uri
  filename      = var.image_uri == null && var.s3_existing_package == null ? local.package : null
  s3_bucket     = try(var.s3_existing_package.bucket, null)
  s3_key        = try(var.s3_existing_package.key, null)
  layers        = var.layers
  kms_key_arn   = var.kms_key_arn

  ignore_source_code_hash = var.ignore_source_code_hash

  memory_size   = var.memory_size
  timeout       = var.timeout
  architectures = var.architectures

  dynamic "environment" {
    for_each = [var.environment_variables]
    content {
      variables = environment.value
    }
  }
  dynamic "image_config" {
    for_each = length(var.image_config_command) > 0 ? [true] : []
    content {
      command = var.image_config_command
    }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids == null ? [] : [true]
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }
  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }
  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }
  dynamic "file_system_config" {
    for_each = var.file_system_arn == null ? [] : [true]
    content {
      arn              = var.file_system_arn
      local_mount_path = var.file_system_local_mount_path
    }
  }
}

resource "aws_lambda_layer_version" "this" {
  count      = var.create && var.create_layer ? 1 : 0
  layer_name = var.layer_name
  filename   = local.package
}

resource "aws_lambda_function_url" "this" {
  count              = local.makes_function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

resource "aws_cloudwatch_log_group" "lambda" {
  count = local.makes_function && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name  = "/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}${var.function_name}"
}

resource "aws_lambda_permission" "unqualified_alias_triggers" {
  for_each      = var.allowed_triggers
  function_name = aws_lambda_function.this[0].function_name
  action        = "lambda:InvokeFunction"
  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com")
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each         = var.event_source_mapping
  function_name    = aws_lambda_function.this[0].arn
  event_source_arn = try(each.value.event_source_arn, null)
  topics           = try(each.value.topics, null)
  queues           = try(each.value.queues, null)
}

resource "aws_iam_role" "lambda" {
  count                = local.makes_role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole"]
      Principal = { Service = var.lambda_at_edge ? ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] : ["lambda.amazonaws.com"] }
    }]
  })
}

resource "aws_iam_role_policy" "logs" {
  count = local.makes_role && var.attach_cloudwatch_logs_policy ? 1 : 0
  name  = "${local.role_name}-logs"
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = compact([!var.use_existing_cloudwatch_log_group && var.attach_create_log_group_permission ? "logs:CreateLogGroup" : "", "logs:CreateLogStream", "logs:PutLogEvents"])
      Resource = ["${local.group}:*", "${local.group}:*:*"]
    }]
  })
}

resource "aws_iam_role_policy" "dead_letter" {
  count  = local.makes_role && var.attach_dead_letter_policy ? 1 : 0
  name   = "${local.role_name}-dl"
  role   = aws_iam_role.lambda[0].name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["sns:Publish", "sqs:SendMessage"], Resource = [var.dead_letter_target_arn] }] })
}

resource "aws_iam_role_policy" "async" {
  count = local.makes_role && var.attach_async_event_policy ? 1 : 0
  name  = "${local.role_name}-async"
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({ Statement = [{
    Effect   = "Allow"
    Action   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
    Resource = compact([var.destination_on_failure, var.destination_on_success])
  }] })
}

resource "aws_iam_role_policy_attachment" "vpc" {
  count      = local.makes_role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.makes_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "additional_json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  name   = local.role_name
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "additional_jsons" {
  count  = local.makes_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name   = "${local.role_name}-${count.index}"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.makes_role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "additional_inline" {
  count  = local.makes_role && var.attach_policy_statements ? 1 : 0
  name   = "${local.role_name}-inline"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.additional_inline.json
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.lambda[0].arn, "") }
output "lambda_cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.lambda[0].name, "") }
