import middy from '@middy/core'
import httpRouterHandler from '@middy/http-router'
import wsResponse from '@middy/ws-response'
import inputOutputLogger from '@middy/input-output-logger'
import { S3Client, GetObjectCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'

const s3 = new S3Client()
const Bucket = process.env.BUCKET

const log = async (line) => s3.send(new PutObjectCommand({ Bucket: 'log', Key: 'l', Body: String(line) })) //? s3.PutObject Bucket=log

const get = middy().handler(async (event) => s3.send(new GetObjectCommand({ Bucket, Key: event.path }))) //? s3.GetObject Bucket=env:BUCKET
const remove = middy()
  .before(async ({ event }) => {
    event.path = decodeURIComponent(event.path)
  })
  .handler((event) => s3.send(new DeleteObjectCommand({ Bucket, Key: event.path }))) //? s3.DeleteObject Bucket=env:BUCKET

const routes = [
  { method: 'GET', path: '/{id}', handler: get },
  { method: 'DELETE', path: '/{id}', handler: remove }
]

export const handler = middy()
  .use(inputOutputLogger({ logger: (line) => log(line) }))
  .use(wsResponse()) //? apigatewaymanagementapi.PostToConnection
  .handler(httpRouterHandler(routes))
