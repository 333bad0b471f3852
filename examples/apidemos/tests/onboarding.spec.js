const { test, expect } = require('appwright');

test.describe('onboarding', () => {
  test('shows what there is to explore', async ({ device }) => {
    await expect(device.getByText('Accessibility', { exact: true })).toBeVisible();
    await expect(device.getByText('Views', { exact: true })).toBeVisible();
  });

  test('leads to a first screen', async ({ device }) => {
    await device.getByText('App', { exact: true }).tap();
    await device.getByText('Activity', { exact: true }).tap();
    await device.getByText('Hello World', { exact: true }).tap();
    await expect(device.getByText('Hello, World!')).toBeVisible();
  });
});
