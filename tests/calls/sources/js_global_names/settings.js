invoiceTable = 'Invoices';
global.archive = { bucket: 'invoice-archive' };
