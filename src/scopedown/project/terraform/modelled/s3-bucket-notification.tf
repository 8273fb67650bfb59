# What the notification module of terraform-aws-modules/s3-bucket makes: what a bucket tells functions, queues and topics.
# Written for scopedown; no text of the module. Names of inputs and resources: modules/notification of the module's
# repository at dd0c434.

variable "create" { default = true }
variable "create_lambda_permission" { default = true }
variable "bucket" { default = "" }
variable "bucket_arn" { default = null }
variable "lambda_notifications" { default = {} }

resource "aws_s3_bucket_notification" "this" {
  count  = var.create ? 1 : 0
  bucket = var.bucket

  dynamic "lambda_function" {
    for_each = var.lambda_notifications
    content {
      lambda_function_arn = lambda_function.value.function_arn
      events              = try(lambda_function.value.events, [])
    }
  }
}

resource "aws_lambda_permission" "allow" {
  for_each      = var.create && var.create_lambda_permission ? var.lambda_notifications : {}
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = var.bucket_arn
}
