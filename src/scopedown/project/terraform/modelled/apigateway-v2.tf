# What terraform-aws-modules/apigateway-v2 makes, as far as it matters to roles: the API.
# Written for scopedown; no text of the module. Names of inputs, outputs and resources, and defaults: variables.tf,
# outputs.tf and main.tf of the module's repository at c1b61c3 (6.1.0); outputs apigatewayv2_…: at dd6826c (2.2.2).

variable "create" { default = true }
variable "create_api_gateway" { default = true }
variable "name" { default = "" }
variable "protocol_type" { default = "HTTP" }

resource "aws_apigatewayv2_api" "this" {
  count         = var.create && var.create_api_gateway ? 1 : 0
  name          = var.name
  protocol_type = var.protocol_type
}

output "api_id" { value = try(aws_apigatewayv2_api.this[0].id, null) }
output "api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, null) }
output "api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, null) }
output "api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, null) }
output "apigatewayv2_api_id" { value = try(aws_apigatewayv2_api.this[0].id, null) }
output "apigatewayv2_api_api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, null) }
output "apigatewayv2_api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, null) }
output "apigatewayv2_api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, null) }
