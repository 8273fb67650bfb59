const AWS = require('aws-sdk');
const mailgun = require('mailgun-js')({ apiKey: 'k' });
const nodemailer = require('nodemailer');
const sendgrid = require('@sendgrid/mail');
const twilio = require('twilio')('a', 'b');

const transport = nodemailer.createTransport({ host: 'smtp.example.com', port: 587 });

exports.handler = async (event) => {
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com' });
  await transport.sendEmail({ Source: 'a@example.com' });
  await sendgrid.send({ to: 'b@example.com' });
  await mailgun.messages().send({ to: 'b@example.com' });
  await twilio.messages.create({ to: '+1', body: AWS.VERSION });
  return sendgrid.sendRawEmail({ RawMessage: {} });
};
