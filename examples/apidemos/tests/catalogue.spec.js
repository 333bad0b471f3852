const { test, expect } = require('appwright');

test('the catalogue of views has buttons', async ({ device }) => {
  await device.getByText('Views', { exact: true }).tap();
  await expect(device.getByText('Buttons', { exact: true })).toBeVisible();
});
