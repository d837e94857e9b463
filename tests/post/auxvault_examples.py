"""The examples of AuxVault's document, word for word: what is sent, and what is answered where it shows that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """One request of the document, with its answer; '' where none is shown."""

    path: str
    body: str = ""
    answer: str = ""


CARD = """{
"amount": 500.00,
"paymentMethod": "card",
"card": {
"number": "4111111111111111",
"expiryMonth": "12",
"expiryYear": "2027",
"cvv": "123"
}
}"""
FULL_ANSWER = """{
"success": true,
"data": {
"paymentId": "pmt_xyz789",
"invoiceId": "inv_abc123",
"amount": 500.00,
"status": "paid",
"remainingBalance": 0.00,
"paidAt": "2026-01-28T14:00:00Z",
"transactionId": "txn_456"
}
}"""
FULL = Example("/api/v1/invoices/inv_abc123/payment", CARD, FULL_ANSWER)

PARTIAL = Example(
    "/api/v1/invoices/inv_abc123/payment",
    '{"amount": 250.00, "paymentMethod": "card"}',
    """{
"success": true,
"data": {
"paymentId": "pmt_partial_123",
"invoiceId": "inv_abc123",
"amount": 250.00,
"totalAmount": 500.00,
"paidAmount": 250.00,
"remainingBalance": 250.00,
"status": "partially_paid",
"paidAt": "2026-01-28T14:00:00Z"
}
}""",
)

ACH = """{
"paymentMethod": "ach",
"bankAccount": {
"accountNumber": "123456789",
"routingNumber": "987654321",
"accountType": "checking"
}
}"""
SAVED = '{"paymentMethod": "saved", "paymentMethodId": "pm_saved_123"}'
EXTERNAL = """{
"paymentMethod": "external",
"externalPaymentDetails": {
"method": "check",
"checkNumber": "12345",
"date": "2026-01-28"
}
}"""

HISTORY = Example(
    "/api/v1/invoices/inv_abc123/payments",
    answer="""{
"success": true,
"data": {
"invoiceId": "inv_abc123",
"totalAmount": 500.00,
"paidAmount": 500.00,
"remainingBalance": 0.00,
"status": "paid",
"payments": [
{
"paymentId": "pmt_1",
"amount": 250.00,
"method": "card",
"status": "approved",
"paidAt": "2026-01-28T10:00:00Z",
"transactionId": "txn_123"
},
{
"paymentId": "pmt_2",
"amount": 250.00,
"method": "card",
"status": "approved",
"paidAt": "2026-01-29T14:00:00Z",
"transactionId": "txn_456"
}
]
}
}""",
)

MATCH = Example("/api/v1/invoices/reconcile", '{"transactionId": "txn_abc123", "invoiceNumber": "INV-12345"}')
REMIND = Example(
    "/api/v1/invoices/inv_abc123/remind",
    '{"sendVia": ["email", "sms"], "message": "Friendly reminder: Invoice due in 3 days"}',
)
SCHEDULE = Example(
    "/api/v1/invoices/inv_abc123/remind",
    """{
"reminderSchedule": [
{
"daysBefore": 3,
"sendVia": ["email"]
},
{
"daysBefore": 1,
"sendVia": ["email", "sms"]
},
{
"daysAfter": 1,
"sendVia": ["email", "sms"],
"message": "Overdue invoice reminder"
}
]
}""",
)

OVER = Example(
    "/api/v1/invoices/inv_abc123/payment",
    '{"amount": 600.00}',
    """{
"success": true,
"data": {
"paymentId": "pmt_over_123",
"invoiceId": "inv_abc123",
"totalAmount": 500.00,
"paidAmount": 600.00,
"overpaymentAmount": 100.00,
"status": "overpaid"
}
}""",
)
FAILED = Example(
    "/api/v1/invoices/inv_abc123/payment",
    """{
"amount": 500.00,
"card": {
"number": "4000000000000002"
}
}""",
    """{
"success": false,
"data": {
"paymentId": "pmt_failed_123",
"invoiceId": "inv_abc123",
"amount": 500.00,
"status": "failed",
"declineReason": "Insufficient funds",
"attemptedAt": "2026-01-28T14:00:00Z"
}
}""",
)
RETRY = Example("/api/v1/invoices/inv_abc123/payment/retry", '{"paymentId": "pmt_failed_123", "paymentMethod": "card"}')

EMAIL_RECEIPT = Example(
    "/api/v1/invoices/inv_abc123/receipt",
    '{"paymentId": "pmt_xyz789", "sendTo": "customer@example.com", "sendVia": "email"}',
)
SMS_RECEIPT = Example(
    "/api/v1/invoices/inv_abc123/receipt", '{"paymentId": "pmt_xyz789", "sendTo": "+1234567890", "sendVia": "sms"}'
)

PAYMENT_RECEIVED = b"""{
"type": "invoice.payment_received",
"data": {
"invoiceId": "inv_abc123",
"paymentId": "pmt_xyz789",
"amount": 250.00,
"remainingBalance": 250.00,
"status": "partially_paid",
"paidAt": "2026-01-28T14:00:00Z"
}
}"""
INVOICE_PAID = b"""{
"type": "invoice.paid",
"data": {
"invoiceId": "inv_abc123",
"totalAmount": 500.00,
"paidAmount": 500.00,
"status": "paid",
"paidAt": "2026-01-29T14:00:00Z"
}
}"""
PAYMENT_FAILED = b"""{
"type": "invoice.payment_failed",
"data": {
"invoiceId": "inv_abc123",
"paymentId": "pmt_failed_123",
"amount": 500.00,
"declineReason": "Insufficient funds",
"attemptedAt": "2026-01-28T14:00:00Z"
}
}"""

ANALYTICS = Example(
    "/api/v1/analytics/invoice-payments",
    answer="""{
"success": true,
"data": {
"totalInvoices": 500,
"paidInvoices": 450,
"partiallyPaid": 30,
"unpaid": 20,
"paymentRate": 0.90,
"averageDaysTo Payment": 12,
"totalRevenue": 450000.00,
"partialPaymentRate": 0.06
}
}""",
)

INSTALMENT = Example("/api/v1/invoices/inv_abc123/payment", '{"amount": 100.00}')
REFUND = Example("/api/v1/transactions/txn_abc123/refund", '{"amount": 100.00}')
CREDIT = Example("/api/v1/customers/cust_123/credit", '{"amount": 100.00}')
CHECK = Example(
    "/api/v1/invoices/inv_abc123/payment",
    """{
"amount": 500.00,
"paymentMethod": "external",
"externalPaymentDetails": {
"method": "check",
"checkNumber": "12345",
"date": "2026-01-28",
"notes": "Deposited to bank"
}
}""",
)
