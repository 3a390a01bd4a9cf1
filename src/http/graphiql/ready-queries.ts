/** A tab that GraphiQL opens with: its operation with variables and headers. */
export interface ReadyTab {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The tabs that GraphiQL opens with, one per task; the sandbox has data for all of them. A line has at most 50
 * characters, and the names fit in a row: a window of 1280 pixels shows both without scrolling.
 */
export const readyTabs = [
  {
    query: /* GraphQL */ `# An account of Scollect and an order of
# RecoveryConnect in one response. Null without an
# error: not recorded, or no such object.
query BothSystems {
  account(fileNumber: "R1001") {
    fileNumber
    borrower { fullName }
    phones { number status }
    payments(first: 2) {
      edges { node { amount paymentDate } }
    }
  }
  order(orderId: "57062885") {
    orderId
    borrowers {
      fullName
      phones { number source }
    }
  }
}
`,
  },
  {
    query: /* GraphQL */ `# What a collector sees first. Ctrl-Space lists
# other fields; the book at the left explains all.
query Account($fileNumber: String!) {
  account(fileNumber: $fileNumber) {
    fileNumber
    status
    client
    originalCreditor
    currentBalance
    lastPaymentDate
    lastPaymentAmount
    statuteOfLimitationsDate
    borrower { fullName ssnLast4 dateOfBirth }
    coBorrowers { fullName role }
    phones { number type status }
    settlement { settlementAmount minimumPayment }
    notes(first: 5) {
      totalCount
      edges {
        node { loggedAt collectorName body }
      }
    }
    attempts(first: 5) {
      edges {
        node { attemptedAt direction disposition }
      }
    }
    payments(first: 5) {
      edges {
        node { paymentDate amount isScheduled }
      }
    }
  }
}
`,
    variables: { fileNumber: 'R3012' },
  },
  {
    query: /* GraphQL */ `# Accounts by phone and by SSN. Such numbers are
# variables in a POST: in a URL they are rejected.
query Search($phone: PhoneNumber!, $ssn: SSN!) {
  byPhone: accountsByPhone(number: $phone) {
    fileNumber
    status
    currentBalance
    borrower { fullName }
  }
  bySsn: accountsBySsn(ssn: $ssn) {
    fileNumber
    status
    currentBalance
    borrower { fullName }
  }
}
`,
    variables: { phone: '716-628-9899', ssn: '111-22-3333' },
  },
  {
    query: /* GraphQL */ `# An order with its people, vehicles and photos.
query Order($orderId: ID!) {
  order(orderId: $orderId) {
    orderId
    caseNumber
    orderType
    createdAt
    borrowers {
      fullName
      role
      phones { number isValid doNotContact }
      addresses { line1 city state zipCode }
    }
    collaterals {
      year
      make
      model
      vin
    }
    photos { photoId name type { name } url }
  }
}
`,
    variables: { orderId: '56100001' },
  },
  {
    query: /* GraphQL */ `# Links between the systems, and their evidence:
# a shared phone, or the number of the loan.
query Links($orderId: ID!, $fileNumber: String!) {
  order(orderId: $orderId) {
    orderId
    accounts {
      account { fileNumber status }
      nameMatches
      matchedBy {
        phone { number }
        borrower { fullName }
      }
    }
  }
  account(fileNumber: $fileNumber) {
    fileNumber
    orders(first: 5) {
      edges {
        nameMatches
        matchedBy
        node { orderId orderType }
      }
    }
    phones { number accounts { fileNumber } }
  }
}
`,
    variables: { orderId: '57062885', fileNumber: 'R3012' },
  },
  {
    query: /* GraphQL */ `# A page of a portfolio. For the next page, copy
# endCursor into the variable "after".
query Portfolio($name: String!, $after: String) {
  portfolio(name: $name) {
    name
    client
    placedDate
    accounts(first: 10, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        cursor
        node {
          fileNumber
          status
          currentBalance
          borrower { fullName }
        }
      }
    }
  }
}
`,
    variables: { name: 'C2CLA 12.1.22', after: null },
  },
  {
    query: /* GraphQL */ `# Recent calls, and whether one more would be
# presumed excessive under Regulation F.
query Calls($fileNumber: String!) {
  account(fileNumber: $fileNumber) {
    contactSummary {
      windowStart
      windowEnd
      timeZone
      outboundAttempts
      latestAttempt { attemptedAt disposition }
      latestConversation { date disposition }
      callFrequency {
        callCount
        callLimit
        wouldNextCallBePresumedExcessive
        nextDateWithoutPresumption
        reasons
      }
    }
    attempts(first: 3) {
      edges {
        node { attemptedAt direction disposition }
      }
    }
  }
}
`,
    variables: { fileNumber: 'R3013' },
  },
  {
    query: /* GraphQL */ `# A mutation returns its success or a typed error.
# All errors implement MutationError.
mutation AddNote($input: AddNoteInput!) {
  addNote(input: $input) {
    __typename
    ... on AddNoteSuccess {
      note { noteId loggedAt collectorName body }
      account {
        fileNumber
        notes(first: 1) { totalCount }
      }
    }
    ... on InvalidInputError {
      fields { path message }
    }
    ... on MutationError { code message }
  }
}
`,
    variables: {
      input: { fileNumber: 'R1000', collectorName: 'mall', body: 'Will call on Monday.' },
    },
  },
  {
    query: /* GraphQL */ `# Charges the stored payment method of an account.
# Choose a new idempotencyKey for each charge. If
# the response is lost, send the same key again:
# the charge is executed once.
mutation RunPayment($input: RunPaymentInput!) {
  runPayment(input: $input) {
    __typename
    ... on RunPaymentSuccess {
      result
      approvalCode
      account { fileNumber currentBalance }
    }
    ... on InvalidInputError {
      fields { path message }
    }
    ... on RejectedError { reason }
    ... on OutcomeUnknownError {
      outcomeId
      whatToCheck
    }
    ... on MutationError { code message }
  }
}
`,
    variables: {
      input: {
        idempotencyKey: 'example-charge-1',
        fileNumber: 'R1001',
        amount: '15.00',
        paymentDate: '2026-12-01',
      },
    },
  },
  {
    query: /* GraphQL */ `# The pane Headers asks for "extensions" in the
# response: upstream calls, estimated and made.
query Cost($fileNumbers: [String!]!) {
  accounts(fileNumbers: $fileNumbers) {
    fileNumber
    currentBalance
    phones { number }
  }
}
`,
    variables: { fileNumbers: ['R1000', 'R1001', 'R1050'] },
    headers: { 'x-recollect-cost': '1', 'x-recollect-trace': '1' },
  },
] as const satisfies readonly ReadyTab[];

/** The documents of the tabs. */
export const readyQueries = readyTabs.map(({ query }) => query);
