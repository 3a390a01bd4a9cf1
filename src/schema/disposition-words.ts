// Agencies define dispositions and types themselves. These tables list common words for the same things.
// A word that is unclear is listed where it makes the gateway warn: too early rather than too late.

/** Words that report a conversation, in capitals. */
export const conversationWords = {
  /** What somebody did. */
  verbs: [
    ...['SPOKE', 'SPOKEN', 'SPEAK', 'SPEAKING', 'SPK', 'TALKED', 'TALK', 'TALKING', 'TALKOFF', 'TT'],
    ...['CONVERSED', 'DISCUSSED', 'CONTACTED', 'NEGOTIATED', 'PROMISED', 'PROMISES', 'AGREED', 'AGREES'],
    ...['REFUSED', 'REFUSES', 'RTP', 'DISPUTED', 'DISPUTES'],
    ...[
      'WILL NOT PAY',
      'WONT PAY',
      'CANNOT PAY',
      'CAN NOT PAY',
      'CANT PAY',
      'UNABLE TO PAY',
      'INABILITY TO PAY',
    ],
    ...['NOT INTERESTED', 'PAYMENT TAKEN', 'TOOK PAYMENT'],
  ],
  /** What took place, or whom it was with. */
  nouns: [
    ...['CONTACT', 'CONVERSATION', 'CONVO', 'DISCUSSION', 'RIGHT PARTY', 'RIGHT PERSON', 'RPC', 'RPV'],
    ...[
      'PROMISE',
      'PTP',
      'REFUSAL',
      'DISPUTE',
      'ARRANGEMENT',
      'LANGUAGE BARRIER',
      'LIVE ANSWER',
      'LIVE PERSON',
      'LIVE PARTY',
    ],
  ],
  /** Words that report a conversation unless nobody, a machine or somebody else answered. */
  verbsWithPerson: [
    ...['REACHED', 'ANSWERED', 'PICKED UP', 'HUNG UP', 'HANG UP', 'HANGUP', 'HUP', 'CALLED IN'],
    ...['ASKED', 'REQUESTED', 'ADVISED', 'STATED', 'STATES', 'SAID', 'SAYS', 'TOLD', 'CLAIMS', 'CLAIMED'],
  ],
} as const;

/** Words that report that nobody, a machine or somebody else answered. */
export const noPersonWords = [
  ...['MACHINE', 'ANSWERING', 'VOICEMAIL', 'VOICE MAIL', 'VOICE MESSAGE', 'VMAIL', 'V MAIL', 'VM', 'LVM'],
  ...['RVM', 'RECORDING', 'NO ANSWER', 'BUSY SIGNAL', 'LINE BUSY', 'FAX TONE', 'NUMBER DISCONNECTED'],
  ...[
    'PHONE DISCONNECTED',
    'LINE DISCONNECTED',
    'NOT IN SERVICE',
    'OUT OF SERVICE',
    'DEAD AIR',
    'WRONG NUMBER',
    'WRONG PARTY',
    'WRONG PERSON',
  ],
] as const;

/** Words that deny the word behind them. */
export const negators = [
  ...[
    'NO',
    'NOT',
    'NEVER',
    'NON',
    'WITHOUT',
    'NOBODY',
    'NOONE',
    'NEITHER',
    'NOR',
    'UNABLE',
    'CANNOT',
    'CANT',
  ],
  ...['DIDNT', 'DONT', 'DOESNT', 'WASNT', 'WERENT', 'ISNT', 'ARENT', 'HASNT', 'HAVENT', 'HADNT', 'WONT'],
  ...['COULDNT', 'WOULDNT'],
] as const;

/** Words that deny only what took place. */
export const nounNegators = ['WRONG', 'ATTEMPTED', 'UNSUCCESSFUL', 'FAILED'] as const;

/** Words that may stand between a negator and the word that it denies. */
export const fillers = [
  ...['TO', 'YET', 'EVER', 'ACTUALLY', 'REALLY', 'ABLE', 'HAVE', 'HAS', 'HAD', 'BEEN', 'BE', 'GET', 'GOT'],
  ...['MAKE', 'MADE', 'ESTABLISH', 'A', 'AN', 'ANY', 'THE', 'CHANCE', 'OPPORTUNITY'],
] as const;

/** Words that may stand between a negator and what took place. */
export const nounFillers = [
  ...['LIVE', 'DIRECT', 'VERBAL', 'PERSONAL', 'PHONE', 'SUCCESSFUL', 'VALID', 'VERIFIED', 'RIGHT', 'PARTY'],
  ...['PERSON', 'NUMBER', 'DEBTOR', 'CONSUMER', 'CUSTOMER', 'BORROWER', 'FURTHER', 'OTHER', 'VOICE'],
  ...['ACTUAL', 'REAL', 'POSITIVE', 'MEANINGFUL'],
] as const;

/** Other ways to write the same, applied one after another to a text in capitals without apostrophes. */
export const rewritings: readonly (readonly [written: RegExp, word: string])[] = [
  [/\bW\/\s*O\b/g, 'WITHOUT'],
  [/\bW\//g, 'WITH '],
  [/\bS\/W\b/g, 'SPOKE WITH'],
  [/\bT\/[TW]\b/g, 'TALKED WITH'],
  [/\bN\/A\b/g, 'NA'],
  [/\bR\.\s?P\.\s?C\b\.?/g, 'RPC'],
  [/\bP\.\s?T\.\s?P\b\.?/g, 'PTP'],
  [/\bNO[\s-]+(?:ONE|BODY)\b/g, 'NOBODY'],
  [/\b(?:ATTEMPT(?:ED|ING|S)?|TRIED|TRY(?:ING)?|FAIL(?:ED|S|URE)?)\s+TO\b/g, 'NOT TO'],
  [/\b(UN)?AVAILABLE\s+TO\b/g, '$1ABLE TO'],
];

/** What follows a word that does not report a conversation. */
export const denials: readonly RegExp[] = [
  /^(?:TO |WITH |BY )?NOBODY\b/,
  /^(?:(?:WAS|WERE|IS|HAS|HAVE|COULD) )*(?:NOT|NEVER) (?:(?:YET|BEEN|BE) )*(?:MADE|ESTABLISHED|ACHIEVED|POSSIBLE|SUCCESSFUL|AVAILABLE|HOME|IN|THERE|PRESENT|REACHED|CONTACTED)\b/,
  /^(?:(?:WAS|IS) )?(?:UNAVAILABLE|UNSUCCESSFUL|FAILED|NONE)\b/,
];

/** What follows a noun that does not report a conversation. */
export const nounDenials: readonly RegExp[] = [
  /^(?:ATTEMPT(?:ED|S)?|INFO|INFORMATION|LETTER|NUMBERS?|LIST|FORM|DETAILS)\b/,
];

/** Words that show that an attempt was a call. They decide wherever they stand: `VOICE MAIL` is a call. */
export const callWords = [
  ...['CALL', 'CALLS', 'CALLED', 'CALLING', 'DIAL', 'DIALED', 'DIALER', 'DIALING', 'AUTODIALER', 'PHONE'],
  ...[
    'PHONED',
    'TELEPHONE',
    'TEL',
    'VOICE',
    'VOICEMAIL',
    'VOICEMAILS',
    'VMAIL',
    'V MAIL',
    'VM',
    'LVM',
    'RVM',
  ],
  ...['RINGLESS', 'PREDICTIVE', 'IVR', 'ROBOCALL'],
] as const;

/** Words that show that an attempt was no call. */
export const otherThanCallWords = [
  ...[
    'TEXT',
    'TEXTS',
    'TEXTED',
    'TEXTING',
    'TXT',
    'SMS',
    'MMS',
    'EMAIL',
    'EMAILS',
    'EMAILED',
    'MAIL',
    'MAILED',
  ],
  ...['MAILING', 'MAILER', 'LETTER', 'LETTERS', 'LTR', 'POSTCARD', 'FAX', 'CHAT', 'VISIT'],
] as const;
