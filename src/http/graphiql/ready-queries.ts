/** The queries that GraphiQL opens with; all of them answer from the sandbox. */
export const readyQueries = [
  /* GraphQL */ `# An account of Scollect and an order of RecoveryConnect, in one answer.
query AccountAndOrder {
  account(fileNumber: "R1001") {
    fileNumber
    borrower { fullName }
    phones { number status }
    payments(first: 2) { edges { node { amount paymentDate } } }
  }
  order(orderId: "57062885") {
    orderId
    borrowers { fullName phones { number source } }
  }
}
`,
  /* GraphQL */ `# What is owed on an account, since when, and to whom.
query AccountInDetail {
  account(fileNumber: "R1050") {
    fileNumber
    status
    client
    originalCreditor
    currentBalance
    principal
    accruedInterest
    fees { court late miscellaneous }
    placedDate
    chargeOffDate
    statuteOfLimitationsDate
    borrower { fullName ssn dateOfBirth emailAddress }
    portfolio { name client placedDate }
  }
}
`,
  /* GraphQL */ `# All portfolios, and one borrower of an order with the order's own data.
query PortfoliosAndBorrower {
  portfolios { portfolioId name client placedDate }
  order(orderId: "57062885") {
    caseNumber
    orderType
    clientAccountNumber
    borrower(borrowerId: "124927241") {
      role
      fullName
      isDeceased
      phones { phoneId rawNumber number isValid doNotContact updatedAt }
    }
  }
}
`,
] as const;
