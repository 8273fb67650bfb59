const AWS = require('aws-sdk');
const { SESv2Client, SendEmailCommand } = require('@aws-sdk/client-sesv2');
const dynamodb = require('serverless-dynamodb-client');
const nodemailer = require('nodemailer');
const sesTransport = require('nodemailer-ses-transport');

const old = nodemailer.createTransport({ SES: new AWS.SES({ apiVersion: '2010-12-01' }) });
const older = nodemailer.createTransport(sesTransport({ ses: new AWS.SES() }));
const current = nodemailer.createTransport({ SES: { sesClient: new SESv2Client({}), SendEmailCommand } });
const smtp = nodemailer.createTransport({ host: 'smtp.example.com', port: 587 });

exports.handler = async (event) => {
  await old.sendMail({ from: process.env.SENDER, to: event.to, text: 'x' }); //? ses.SendRawEmail Source=env:SENDER
  older.sendMail({ from: 'a@example.com', to: event.to }, (error) => console.log(error)); //? ses.SendRawEmail Source=a@example.com
  await current.sendMail({ from: 'b@example.com', to: event.to }); //? sesv2.SendEmail FromEmailAddress=b@example.com
  await smtp.sendMail({ from: 'c@example.com', to: event.to });
  await dynamodb.doc.put({ TableName: process.env.MAILS, Item: event }).promise(); //? dynamodb.PutItem TableName=env:MAILS
};
