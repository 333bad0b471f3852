const { test, expect } = require('appwright');

// Here to show what a failure looks like: the app has no such screen.
test('finds the checkout, which this app does not have', async ({ device }) => {
  await expect(device.getByText('Accessibility', { exact: true })).toBeVisible();
  await expect(device.getByText('Proceed to checkout'), 'the checkout button').toBeVisible({
    timeout: 1_000,
  });
});
