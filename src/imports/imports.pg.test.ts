import { beforeEach, expect, test } from 'vitest';
import { importRig } from './testing/import-rig.ts';

const rig = importRig();
let account: number;
beforeEach(async () => void (account = await rig().newAccount()));

test('profiles: fields, custom and nested properties, types; digits and leading zeros stay', async () => {
  const csv = [
    'Email,First Name,City,Latitude,Points,Code,Member,Since,Tags,address___street,address___no,Email Marketing Consent',
    'Ann@X.pl,Ann,Łódź,51.7592,12345678901234567890.10,00712,true,2024-02-29,"[""a"",1.0]",Piotrkowska,7,Subscribed',
    'bob@x.pl,Bob,,,7,00001,FALSE,2024-01-31 10:00:00+02,[],,,',
    '',
  ].join('\r\n');
  const done = await rig().run(account, 'profiles', csv);
  expect(done).toMatchObject({
    status: 'completed',
    progress: 100,
    rows: { created: 2, updated: 0, unchanged: 0, skipped: 0 },
    importedBy: 'Ann',
    trouble: null,
  });
  const [ann, bob] = await rig().profiles(account);
  expect(ann).toMatchObject({
    email: 'ann@x.pl',
    first_name: 'Ann',
    location: '{"city":"Łódź","latitude":51.7592}',
    properties:
      '{"Points":12345678901234567890.10,"Code":"00712","Member":true,"Since":"2024-02-29","Tags":["a",1.0],"address":{"street":"Piotrkowska","no":7}}',
  });
  expect(bob).toMatchObject({
    properties: '{"Points":7,"Code":"00001","Member":false,"Since":"2024-01-31T10:00:00+02:00","Tags":[]}',
  });
});

test('a blank cell leaves a field alone, the null marker clears it', async () => {
  await rig().run(account, 'profiles', 'Email,FirstName,LastName,A,B\na@x.pl,Ann,Kos,1,2\n');
  const again = await rig().run(account, 'profiles', 'Email,FirstName,LastName,A,B\na@x.pl,,\\N,,\\N\n');
  expect(again.rows).toMatchObject({ updated: 1 });
  expect(await rig().profiles(account)).toEqual([{ email: 'a@x.pl', first_name: 'Ann', properties: '{"A":1}' }]);
});

test('events: metric, time, value, currency, unique id, everything else a property', async () => {
  const csv = [
    'Email;MetricName;Integration;Timestamp;Value;Currency;UniqueID;OrderId;Properties',
    'a@x.pl;Placed Order;Shop;2024-03-01 12:30:00 UTC;19.90;pln;o1;0017;"{""Items"":[1,2.50]}"',
    'b@x.pl;Placed Order;;03/02/2024 08:00;;;;\\N;',
    '',
  ].join('\n');
  const done = await rig().run(account, 'events', csv);
  expect(done).toMatchObject({ status: 'completed', rows: { created: 2, skipped: 0 } });
  expect(await rig().events(account)).toEqual([
    {
      metric: 'Placed Order',
      integration: 'Shop',
      email: 'a@x.pl',
      datetime: new Date('2024-03-01T12:30:00Z'),
      unique_id: 'o1',
      properties: '{"Items":[1,2.50],"OrderId":"0017","$value":19.90,"$currency_code":"PLN","$event_id":"o1"}',
    },
    {
      metric: 'Placed Order',
      integration: 'API',
      email: 'b@x.pl',
      datetime: new Date('2024-03-02T08:00:00Z'),
      unique_id: '1709366400',
      properties: '{}',
    },
  ]);
});

test('skipped rows: each with row, column and reason; the first of equal identifiers wins', async () => {
  const csv = [
    'Email,PhoneNumber,FirstName,Latitude',
    'a@x.pl,+48123456789,Ann,1',
    'nowhere,,Bad,',
    ',12345,Short,',
    'A@x.pl,,Again,',
    ',,Nobody,',
    'c@x.pl,,Cec,12 zł',
    'd@x.pl,+48 123 456 789,Dan,',
    'e@x.pl,"Eve,',
    'f@x.pl,,Fay,2',
    'g@x.pl,,',
  ].join('\n');
  const done = await rig().run(account, 'profiles', csv);
  expect(done).toMatchObject({ status: 'incomplete', rows: { created: 2, skipped: 8 } });
  expect(done.remarks.map((remark) => remark.message)).toEqual([
    'The file does not end with a line break: its last row may be cut off.',
  ]);
  const lines = (await rig().skipped(account, done.id)).trimEnd().split('\n');
  expect(lines).toEqual([
    'Email,PhoneNumber,FirstName,Latitude,Skipped row,Skipped column,Skipped reason',
    'nowhere,,Bad,,3,Email,This is not a valid e-mail address.',
    ',12345,Short,,4,PhoneNumber,"A phone number must be in E.164 form, such as +48123456789."',
    'A@x.pl,,Again,,5,Email,An earlier row of the file has the same Email; the first one counts.',
    ',,Nobody,,6,,The row names no person: its identifiers are empty.',
    'c@x.pl,,Cec,12 zł,7,Latitude,"""12 zł"" is not a number. Write digits and a point, without currency signs, blanks or commas."',
    'd@x.pl,+48 123 456 789,Dan,,8,PhoneNumber,An earlier row of the file has the same PhoneNumber; the first one counts.',
    '"e@x.pl,""Eve,",,,,9,PhoneNumber,The quote that opens this cell is not closed before the end of the file.',
    '"g@x.pl,,",,,,11,,"The file ends in the middle of this row. The row has 3 cells, the header has 4."',
  ]);
});
