import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { type Caller, startCaller } from './caller.ts';

type Row = Readonly<Record<string, unknown>>;

const now = () => new Date('2026-03-16T13:05:09Z');

const start = () => startCaller({ now });

const get = async ({ scollect }: Caller, path: string): Promise<unknown> =>
  ((await scollect('GET', path)).body as { result: unknown }).result;

const post = async ({ scollect }: Caller, path: string, body: unknown): Promise<unknown> =>
  ((await scollect('POST', path, body)).body as { result: unknown }).result;

const accountRow = async (caller: Caller, file: string): Promise<Row> =>
  ((await get(caller, `/getaccount/${file}`)) as [Row])[0];

const portfolioRow = async (caller: Caller, portfolio: string, file: string): Promise<Row | undefined> =>
  ((await post(caller, '/get_accounts_in_portfolio', { portfolio })) as Row[]).find(
    ({ lotno }) => lotno === file,
  );

const aiData = async (caller: Caller, FileNumber: string): Promise<Row> =>
  ((await post(caller, '/getAlaccountdata', { FileNumber })) as { success: [Row] }).success[0];

const payment = corpusFile('scollect', 'insert_payments_external').request as Row;

describe('account columns', () => {
  it('updatedbase changes the column in every response with it', async () => {
    const caller = await start();
    const update = { filenumber: 'r1050', fieldname: 'currentbalance', fieldvalue: '700.50' };
    await caller.scollect('PUT', '/updatedbase', update);
    expect(await accountRow(caller, 'R1050')).toMatchObject({ currentbalance: '700.50' });
    expect(await get(caller, '/getaccountbysocial/111-22-3333')).toMatchObject([
      { currentbalance: '700.50' },
    ]);
    expect(await portfolioRow(caller, 'C2CLA 12.1.22', 'R1050')).toMatchObject({ 'Current UPB': '700.50' });
    expect(await aiData(caller, 'R1050')).toMatchObject({ currentbalance: '700.50' });
  });

  it('accounts are found by a changed SSN and portfolio only', async () => {
    const caller = await start();
    const set = (fieldname: string, fieldvalue: string) =>
      caller.scollect('PUT', '/updatedbase', { filenumber: 'R1050', fieldname, fieldvalue });
    await set('socialsecuritynumber', '900-12-9876');
    await set('portfolio', 'Buffalo Loans');
    expect(await get(caller, '/getaccountbysocial/111-22-3333')).toEqual({
      error: 'SSN of 111-22-3333 not found',
    });
    expect(await get(caller, '/getaccountbysocial/900-12-9876')).toMatchObject([{ filenumber: 'R1050' }]);
    expect(await post(caller, '/get_accounts_in_portfolio', { portfolio: 'C2CLA 12.1.22' })).toEqual([]);
    expect(await portfolioRow(caller, 'Buffalo Loans', 'R1050')).toBeDefined();
    expect(await aiData(caller, 'R1050')).toMatchObject({ socialsecuritynumber: '9876' });
  });

  it.each(['managename', 'managername'])('%s sets what getaccount spells managename', async (fieldname) => {
    const caller = await start();
    await caller.scollect('PUT', '/updatedbase', { filenumber: 'R1001', fieldname, fieldvalue: 'Dana' });
    expect(await accountRow(caller, 'R1001')).toMatchObject({ managename: 'Dana' });
  });

  it('a numeric column rejects a number that JSON cannot represent', async () => {
    const caller = await start();
    const update = { filenumber: 'R1005', fieldname: 'dayslastworked', fieldvalue: '1e999' };
    await caller.scollect('PUT', '/updatedbase', update);
    expect((await accountRow(caller, 'R1005'))['dayslastworked']).toBe(0);
  });

  it('columns that other rows refer to cannot be changed', async () => {
    const caller = await start();
    const update = { filenumber: 'R1001', fieldname: 'filenumber', fieldvalue: 'R1' };
    const { body } = await caller.scollect('PUT', '/updatedbase', update);
    expect(body).toMatchObject({ result: [{ error: expect.any(String) }, 400] });
    expect(await accountRow(caller, 'R1001')).toMatchObject({ filenumber: 'R1001' });
  });
});

describe('account permissions', () => {
  const set = (caller: Caller, fieldname: string, fieldvalue: string) =>
    caller.scollect('PUT', '/updatepermissions', { filenumber: 'R1000', fieldname, fieldvalue });

  it('settlement and minimum payments are in getAlaccountdata', async () => {
    const caller = await start();
    await set(caller, 'sifamount', '500');
    await set(caller, 'sifnumberofpay', '3');
    await set(caller, 'minimumpayment', '50.00');
    await set(caller, 'minimumonetimepayment', '100.5');
    expect(await aiData(caller, 'R1000')).toMatchObject({
      sifamount: '500.00',
      sifnumberofpay: 3,
      minimumpayment: '50.00',
      minimumonetimepayment: '100.50',
    });
  });

  it('counts and dates are in getemailstats', async () => {
    const caller = await start();
    await set(caller, 'openedcount', '5');
    await set(caller, 'linkclickcount', '2');
    await set(caller, 'sentcount', '10');
    await set(caller, 'registeredportal', '1');
    await set(caller, 'lastportallogin', '2024-02-28');
    await set(caller, 'lastopenedemail', '2024-03-02');
    await set(caller, 'lastclickdate', '2024-03-03');
    expect(await get(caller, '/getemailstats/R1000')).toEqual([
      {
        filenumber: 'R1000',
        last_email_date: 'Mon, 01 Jan 1900 00:00:00 GMT',
        lastclickdate: 'Sun, 03 Mar 2024 00:00:00 GMT',
        lastopenedemail: 'Sat, 02 Mar 2024 00:00:00 GMT',
        lastportallogin: 'Wed, 28 Feb 2024 00:00:00 GMT',
        linkclickcount: 2,
        openedcount: 5,
        registeredportal: 1,
        sentcount: 10,
      },
    ]);
  });

  it('an unknown field is rejected', async () => {
    const { body } = await set(await start(), 'colour', '1');
    expect(body).toMatchObject({ result: [{ error: expect.stringContaining('does not exist') }, 404] });
  });
});

describe('phones', () => {
  it('insertphone adds the phone to every response with phones, and a note', async () => {
    const caller = await start();
    const phone = {
      phonenumber: '716-555-0142',
      phonetype: 'CELL',
      phonestatus: 'Good Number',
      source: 'USER',
    };
    await caller.scollect('POST', '/insertphone', { filenumber: 'D3406', ...phone });
    expect(await get(caller, '/getphones/D3406')).toMatchObject([{ ...phone, maindatabaseid: 2407 }]);
    expect(await aiData(caller, 'D3406')).toMatchObject({ phone1: '716-555-0142', phone2: '' });
    const found = (await post(caller, '/searchbyphone', { PhoneNumber: '716-555-0142' })) as {
      success: Row[];
    };
    expect(found.success.map(({ filenumber }) => filenumber)).toContain('D3406');
    const shown = { phone1: '716-555-0142', phonestatus1: 'Good Number' };
    expect(await portfolioRow(caller, 'C2C PDL TEST', 'D3406')).toMatchObject(shown);
    expect(await get(caller, '/getnotes/D3406')).toMatchObject([
      {
        logmessage: 'Added Phonenumber : 716-555-0142 Type: CELL Status: Good Number',
        logdateandtime: '3/16/2026 AT 1:05 PM',
      },
    ]);
  });

  it('updatephone changes the given values and the time of the change', async () => {
    const caller = await start();
    const update = { filenumber: 'R1001', phonenumber: '407-253-7828', phonestatus: 'Disconnected' };
    await caller.scollect('PUT', '/updatephone', update);
    expect(((await get(caller, '/getphones/R1001')) as Row[])[0]).toMatchObject({
      phonetype: 'HOME',
      phonestatus: 'Disconnected',
      lastchange: 'Mon, 16 Mar 2026 13:05:09 GMT',
    });
    const unknown = await caller.scollect('PUT', '/updatephone', { ...update, phonenumber: '407-555-0100' });
    expect(unknown.body).toMatchObject({ result: { error: 'Data not found for this filenumber' } });
  });
});

describe('notes, attempts and callbacks', () => {
  it('InsertNoteline adds the note', async () => {
    const caller = await start();
    const note = { filenumber: 'R1000', collectorname: 'mall', logmessage: 'Test' };
    await caller.scollect('POST', '/InsertNoteline', note);
    expect(((await get(caller, '/getnotes/R1000')) as Row[]).at(-1)).toMatchObject({
      ...note,
      'log.filenumber': '1',
    });
  });

  it('insertattempt adds the attempt and the day of the last call', async () => {
    const caller = await start();
    const attempt = { phonenumber: '123-456-7890', dispo: 'SPOKE TO DEBTOR', agent: 'agent', type: 'MANUAL' };
    await caller.scollect('POST', '/insertattempt', { ...attempt, filenumber: 'R1000' });
    expect(await get(caller, '/getattempts/R1000')).toEqual({
      result: [
        {
          ...attempt,
          date: 'Mon, 16 Mar 2026 00:00:00 GMT',
          direction: 'Outbound',
          filenumber: 'R1000',
          maindatabaseid: 1,
          time: '13:05',
          wassecond: 0,
        },
      ],
    });
    expect(await accountRow(caller, 'R1000')).toMatchObject({ lastworked: '3/16/2026' });
  });

  it('createCallback changes the account and adds a note', async () => {
    const caller = await start();
    await caller.scollect('POST', '/createCallback', corpusFile('scollect', 'createCallback').request);
    expect(await accountRow(caller, 'R1000')).toMatchObject({ callbacks: '2025-03-17 1:43PM' });
    const last = ((await get(caller, '/getnotes/R1000')) as Row[]).at(-1);
    expect(last).toMatchObject({ logmessage: expect.stringContaining('2025-03-17 1:43PM') });
  });
});

describe('payments', () => {
  it('insert_payments_external adds a payment with the last four digits of its card only', async () => {
    const caller = await start();
    await caller.scollect('POST', '/insert_payments_external', payment);
    expect(await get(caller, '/getpayments/12345')).toMatchObject([
      { paymentamount: '100.00', paymentdate: 'Sat, 15 Apr 2023 00:00:00 GMT', paymentmethod: 'CREDIT CARD' },
    ]);
    const ways = await post(caller, '/getAlpaymentdata', { FileNumber: '12345' });
    expect(ways).toMatchObject({ success: [{ last4card: '1111', paymentmethod: 'CREDIT CARD' }] });
    expect(JSON.stringify(ways)).not.toContain('41111');
  });

  it.each([
    ['an unknown account', { filenumber: 'R100' }],
    ['a number for a text', { paymentamount: 100 }],
    ['an amount that is none', { paymentamount: 'much' }],
    ['a date that is none', { paymentdate: 'soon' }],
  ])('insert_payments_external rejects %s without a reason', async (_, change) => {
    const caller = await start();
    expect(await post(caller, '/insert_payments_external', { ...payment, ...change })).toEqual({ error: '' });
    expect(await get(caller, '/getpayments/12345')).toEqual([]);
  });

  it('insert_payplan_external adds a payment for each installment', async () => {
    const caller = await start();
    await caller.scollect(
      'POST',
      '/insert_payplan_external',
      corpusFile('scollect', 'insert_payplan_external').request,
    );
    expect(await get(caller, '/getpayments/R456456')).toMatchObject([
      { paymentamount: '1.00', paymentdate: 'Mon, 01 Sep 2025 00:00:00 GMT' },
      { paymentamount: '1.00', paymentdate: 'Wed, 01 Oct 2025 00:00:00 GMT' },
    ]);
  });

  it('update_payment_external changes pending payments only', async () => {
    const caller = await start();
    const update = {
      filenumber: 'R1002',
      paymentdate: '2025-04-15',
      paymentmethod: 'ACH',
      payorname: '',
      invoice: null,
    };
    await caller.scollect('POST', '/update_payment_external', update);
    expect(await get(caller, '/getpayments/R1002')).toMatchObject([
      { paymentdate: 'Tue, 15 Apr 2025 00:00:00 GMT', paymentmethod: 'ACH', paymentamount: '75.00' },
    ]);
    const posted = { filenumber: 'R1001', paymentmethod: 'ACH' };
    expect(await post(caller, '/update_payment_external', posted)).toEqual([
      { error: 'No payment info found with filenumber R1001' },
      400,
    ]);
  });

  it('run_payment_external lowers the balance and is the last payment', async () => {
    const caller = await start();
    const charge = { filenumber: 'R1002', paymentdate: '2026-03-16', paymentamount: '9.50' };
    await caller.scollect('POST', '/run_payment_external', charge);
    expect(await accountRow(caller, 'R1002')).toMatchObject({
      currentbalance: '799.50',
      lastpaymentamount: '9.50',
      lastpaymentdate: '3/16/2026',
    });
    expect(((await get(caller, '/getpayments/R1002')) as Row[]).at(-1)).toMatchObject({
      paymentamount: '9.50',
    });
    expect(await post(caller, '/get_lastpayinfo', { filenumber: 'R1002' })).toMatchObject({
      data: [{ last4card: '4242', paymentdate: 'Mon, 16 Mar 2026 00:00:00 GMT', payorname: 'Jane Smith' }],
    });
    const row = await portfolioRow(caller, 'C2C PDL TEST', 'R1002');
    expect(row).toMatchObject({ 'Current UPB': '799.50', 'Total Paid since CO': 9.5 });
  });

  it('a pending payment lowers the balance once, when it is posted', async () => {
    const caller = await start();
    const posting = { filenumber: 'R1002', paymentdate: '2026-03-16', paymentstatus: 'POSTED' };
    const before = Number((await accountRow(caller, 'R1002'))['currentbalance']);
    const [pending] = (await get(caller, '/getpayments/R1002')) as [Row];
    await post(caller, '/update_payment_external', posting);
    await post(caller, '/update_payment_external', posting);
    expect(await accountRow(caller, 'R1002')).toMatchObject({
      currentbalance: (before - Number(pending['paymentamount'])).toFixed(2),
      lastpaymentamount: pending['paymentamount'],
      lastpaymentdate: '3/16/2026',
    });
  });

  it.each([['9'.repeat(400)], ['1e3'], ['-5.00'], ['0.00'], ['1.001'], [' ']])(
    'an amount of %s is refused, and changes nothing',
    async (paymentamount) => {
      const caller = await start();
      const before = await accountRow(caller, 'R1005');
      const charge = { filenumber: 'R1005', paymentdate: '2026-03-16', paymentamount };
      expect(await post(caller, '/run_payment_external', charge)).toEqual({ result: [] });
      const inserted = { ...payment, filenumber: 'R1005', paymentamount };
      expect(await post(caller, '/insert_payments_external', inserted)).toEqual({ error: '' });
      expect(await accountRow(caller, 'R1005')).toEqual(before);
      expect(await get(caller, '/getpayments/R1005')).toEqual([]);
    },
  );

  it.each([{ payorname: { a: 1 } }, { paymentstatus: ['POSTED'] }, { paymentdate: '2026-02-30' }])(
    'an update of %j is refused',
    async (change) => {
      const caller = await start();
      const before = await get(caller, '/getpayments/R1002');
      const answer = await post(caller, '/update_payment_external', { filenumber: 'R1002', ...change });
      expect(answer).toEqual([{ error: 'Invalid update field' }, 400]);
      expect(await get(caller, '/getpayments/R1002')).toEqual(before);
    },
  );

  it('get_lastpayinfo returns nothing without a posted payment', async () => {
    expect(await post(await start(), '/get_lastpayinfo', { filenumber: 'R1002' })).toEqual({ result: [] });
  });
});

describe('messages', () => {
  const email = corpusFile('scollect', 'send_email_c2c').request as Row;

  it('send_email_c2c adds to the e-mails and their statistics', async () => {
    const caller = await start();
    await caller.scollect('POST', '/send_email_c2c', email);
    const sent = { ReferenceNumber: 'R1000', Subject: 'template name', ToAddress: 'EMAIL@EMAIL.COM' };
    expect(await get(caller, '/getemails/R1000')).toMatchObject([
      { ...sent, TrackingType: 'OkToSend' },
      { ...sent, TrackingType: 'Delivery' },
    ]);
    expect(await get(caller, '/getemailstats/R1000')).toMatchObject([
      { sentcount: 1, last_email_date: 'Mon, 16 Mar 2026 13:05:09 GMT' },
    ]);
  });

  it('send_text adds a note', async () => {
    const caller = await start();
    await caller.scollect('POST', '/send_text', corpusFile('scollect', 'send_text').request);
    expect(await get(caller, '/getnotes/316620')).toMatchObject([{ logmessage: 'Sent Text : Missed 1' }]);
  });

  it('send_email_c2c and send_text fail for an unknown account', async () => {
    const caller = await start();
    const text = corpusFile('scollect', 'send_text').request as Row;
    expect(await post(caller, '/send_text', { ...text, filenumber: 'R100' })).toEqual({ success: false });
    const recipients = { ...email, referenceNumbers: ['R1000', 'R100'] };
    expect(await post(caller, '/send_email_c2c', recipients)).toEqual({ success: false });
    expect(await get(caller, '/getemails/R1000')).toEqual({ result: [] });
  });
});
