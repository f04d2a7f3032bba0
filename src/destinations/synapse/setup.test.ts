import { expect, test } from 'vitest';
import { addressRanges } from './address-range.ts';
import { setup } from './setup.ts';

const context = { outboundAddresses: ['192.0.2.0/24', '198.51.100.7', '2001:db8::/32'] };

test('the set-up script from typed settings', () => {
  const settings = {
    workspace: 'shop',
    database: 'dw',
    username: 'wharf',
    storageAccount: 'shopstage',
    container: 'in',
  };
  expect(setup(settings, context)).toMatchSnapshot();
});

test('placeholders stand for what is not typed yet', () => {
  const { text } = setup({}, { outboundAddresses: [] });
  for (const placeholder of ['YOUR-POOL', 'YOUR-STORAGE-ACCOUNT', 'YOUR-CONTAINER', '[wharf_loader]']) {
    expect(text).toContain(placeholder);
  }
});

test('typed names cannot become statements', () => {
  const hostile = "x]; DROP TABLE dbo.t; --\nGO\nDROP TABLE dbo.u\nGO\n'";
  const { text } = setup({ username: hostile, database: hostile, container: hostile, workspace: hostile }, context);
  expect(text).toContain("CREATE USER [x]]; DROP TABLE dbo.t; -- GO DROP TABLE dbo.u GO '] FOR LOGIN");
  expect(text).toContain("name = N'x]; DROP TABLE dbo.t; -- GO DROP TABLE dbo.u GO ''')");
  expect(text.split('\n').filter((line) => line.startsWith('DROP'))).toEqual([]);
  expect(text.split(/^GO$/m)).toHaveLength(setup({}, context).text.split(/^GO$/m).length);
});

test('firewall rules take ranges', () => {
  expect(
    addressRanges(['192.0.2.77/24', '198.51.100.7', '0.0.0.0/0', '300.1.1.1', '10.0.0.0/33', '2001:db8::/32']),
  ).toEqual([
    ['192.0.2.0', '192.0.2.255'],
    ['198.51.100.7', '198.51.100.7'],
    ['0.0.0.0', '255.255.255.255'],
  ]);
});
