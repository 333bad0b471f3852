const { test, expect } = require('appwright');

test('a list dialog tells what was chosen', async ({ device }) => {
  await device.getByText('App', { exact: true }).tap();
  await device.getByText('Alert Dialogs', { exact: true }).tap();
  await device.getByText('List dialog', { exact: true }).tap();
  await device.getByText('Command two', { exact: true }).tap();
  await expect(device.getByText('You selected: 1 , Command two')).toBeVisible();
});
