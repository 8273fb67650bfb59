# What the object module of terraform-aws-modules/s3-bucket makes: an object, which may be the package of a function.
# Written for scopedown; no text of the module. Names of inputs and outputs: modules/object of the module's repository
# at dd0c434.

variable "create" { default = true }
variable "bucket" { default = "" }
variable "key" { default = "" }
variable "file_source" { default = null }

resource "aws_s3_object" "this" {
  count  = var.create ? 1 : 0
  bucket = var.bucket
  key    = var.key
  source = var.file_source
}

output "s3_object_id" { value = try(aws_s3_object.this[0].id, "") }
