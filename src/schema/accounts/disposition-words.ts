// Agencies define dispositions and types themselves. These tables list common words for the same things, in capitals.
// A word that is unclear is listed where it makes the gateway warn: too early rather than too late.

const list = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(', '));

/** Words that report a conversation. */
export const conversationWords = {
  /** What somebody did. */
  verbs: list(
    'SPOKE, SPOKEN, SPEAK, SPEAKING, SPK, SPKE, TALKED, TALK, TALKING, TALKOFF, TLKD, TT',
    'CONVERSED, DISCUSSED, COMMUNICATED, CONTACTED, NEGOTIATED, PROMISED, PROMISES, AGREED, AGREES',
    'REFUSED, REFUSES, RTP, DECLINED, DECLINES, DISPUTED, DISPUTES, PAYMENT TAKEN, TOOK PAYMENT',
    'WILL NOT PAY, WONT PAY, CANNOT PAY, CAN NOT PAY, CANT PAY, UNABLE TO PAY, INABILITY TO PAY',
    // Somebody answered and said so.
    'NOT INTERESTED, NOT SPEAK ENGLISH, DOESNT SPEAK ENGLISH',
    'CANNOT TALK NOW, CANT TALK NOW, CANNOT SPEAK NOW, CANT SPEAK NOW',
  ),
  /** What took place, or whom it was with. */
  nouns: list(
    'CONTACT, CONVERSATION, CONVO, DISCUSSION, RIGHT PARTY, RIGHT PERSON, RPC, RPV, PROMISE, PTP',
    'COMMUNICATION, TPC, HARDSHIP, RIGHTPARTYCONTACT, RIGHTPARTY, REFUSAL, DISPUTE, ARRANGEMENT, LANGUAGE BARRIER, LIVE ANSWER, LIVE PERSON, LIVE PARTY, LIVE VOICE',
  ),
  /** Words that report a conversation unless nobody, a machine or somebody else answered. */
  verbsWithPerson: list(
    'REACHED, ANSWERED, PICKED UP, HUNG UP, HANG UP, HANGUP, HUP, CALLED IN, ASKED, REQUESTED, ADVISED',
    'STATED, STATES, SAID, SAYS, TOLD, CLAIMS, CLAIMED',
  ),
};

/** Words that report that nobody, a machine or somebody else answered. */
export const noPersonWords = list(
  'MACHINE, ANSWERING, VOICEMAIL, VOICE MAIL, VOICE MESSAGE, VMAIL, V MAIL, VM, LVM, RVM, RECORDING',
  'NO ANSWER, BUSY SIGNAL, LINE BUSY, FAX TONE, DEAD AIR, NOT IN SERVICE, OUT OF SERVICE',
  'NUMBER DISCONNECTED, PHONE DISCONNECTED, LINE DISCONNECTED, WRONG NUMBER, WRONG PARTY, WRONG PERSON',
);

/** Words that deny the word behind them. */
export const negators = list(
  'NO, NOT, NEVER, NON, WITHOUT, NOBODY, NOONE, NEITHER, NOR, UNABLE, CANNOT, CANT, DIDNT, DONT, DOESNT',
  'WASNT, WERENT, ISNT, ARENT, HASNT, HAVENT, HADNT, WONT, COULDNT, WOULDNT',
);

/** Words that deny only what took place. */
export const nounNegators = list('WRONG, ATTEMPTED, UNSUCCESSFUL, FAILED, ZERO, 0');

/** Words that may stand between a negator and the word that it denies. */
export const fillers = list(
  'TO, YET, EVER, ACTUALLY, REALLY, ABLE, HAVE, HAS, HAD, BEEN, BE, GET, GOT, MAKE, MADE, ESTABLISH',
  'A, AN, ANY, THE, CHANCE, OPPORTUNITY',
);

/** Words that may stand between a negator and what took place. */
export const nounFillers = list(
  'LIVE, DIRECT, VERBAL, PERSONAL, PHONE, TELEPHONE, CELL, HOME, WORK, VOICE, SUCCESSFUL, VALID, VERIFIED',
  'CONFIRMED, ACTUAL, REAL, POSITIVE, MEANINGFUL, FURTHER, OTHER, NEW, RIGHT, PARTY, PERSON, NUMBER',
  'DEBTOR, DBTR, CONSUMER, CUSTOMER, CLIENT, BORROWER, SPOUSE, PATIENT, MEMBER',
);

/** Other ways to write the same, applied one after another to a text in capitals without apostrophes. */
export const rewritings: readonly (readonly [written: RegExp, word: string])[] = [
  [/\bW\/\s*O\b/g, 'WITHOUT'],
  [/\bW\//g, 'WITH '],
  [/\bS\/W\b/g, 'SPOKE WITH'],
  [/\bT\/[TW]\b/g, 'TALKED WITH'],
  [/\bN\/A\b/g, 'NA'],
  [/\bR\.\s?P\.\s?C\b\.?/g, 'RPC'],
  [/\bP\.\s?T\.\s?P\b\.?/g, 'PTP'],
  // As in `RPC: NO`.
  [/[:=]\s*(?:NO|NONE|N)\s*(?=$|[,;./])/g, ' NONE'],
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
  /^(?:DID NOT|DIDNT) ANSWER$/,
  /^(?:ATTEMPT(?:ED|S)?|INFO|INFORMATION|LETTER|NUMBERS?|LIST|FORM|DETAILS)\b/,
];

/** Words that show that an attempt was a call. They decide wherever they stand: `VOICE MAIL` is a call. */
export const callWords = list(
  'CALL, CALLS, CALLED, CALLING, DIAL, DIALED, DIALER, DIALING, AUTODIALER, PHONE, PHONED, TELEPHONE, TEL',
  'VOICE, VOICEMAIL, VOICEMAILS, VMAIL, V MAIL, VM, LVM, RVM, RINGLESS, PREDICTIVE, IVR, ROBOCALL',
);

/** Words that show that an attempt was no call. */
export const otherThanCallWords = list(
  'TEXT, TEXTS, TEXTED, TEXTING, TXT, TEXTMSG, TXTMSG, SMS, MMS, WHATSAPP, CHAT, EMAIL, EMAILS, EMAILED',
  'MAIL, MAILS, MAILED, MAILING, MAILER, POSTAL, LETTER, LETTERS, LTR, POSTCARD, FAX, VISIT',
);
