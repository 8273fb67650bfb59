# What the alias module of terraform-aws-modules/lambda makes: an alias and what calls it.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources: modules/alias of the module's
# repository at 23d00f7.

variable "create" { default = true }
variable "use_existing_alias" { default = false }
variable "name" { default = "" }
variable "function_name" { default = "" }
variable "function_version" { default = "" }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }

resource "aws_lambda_alias" "no_refresh" {
  count            = var.create && !var.use_existing_alias ? 1 : 0
  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version
}

resource "aws_lambda_permission" "version_triggers" {
  for_each      = var.create ? var.allowed_triggers : {}
  function_name = var.function_name
  action        = "lambda:InvokeFunction"
  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com")
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each         = var.create ? var.event_source_mapping : {}
  function_name    = var.function_name
  event_source_arn = try(each.value.event_source_arn, null)
}

output "lambda_alias_arn" { value = try(aws_lambda_alias.no_refresh[0].arn, "") }
output "lambda_alias_name" { value = try(aws_lambda_alias.no_refresh[0].name, "") }
output "lambda_alias_invoke_arn" { value = try(aws_lambda_alias.no_refresh[0].invoke_arn, "") }
