import { test, expect, type Device } from 'appwright';

async function openControls(device: Device): Promise<void> {
  await device.getByText('Views', { exact: true }).tap();
  await device.getByText('Controls', { exact: true }).tap();
  await device.getByText('1. Light Theme', { exact: true }).tap();
}

test.describe('controls', () => {
  test('offer boxes to check', async ({ device }) => {
    await openControls(device);
    await expect(device.getByText('Checkbox 1', { exact: true })).toBeVisible();
    await expect(device.getByText('RadioButton 2', { exact: true })).toBeVisible();
  });

  test('take text', async ({ device }) => {
    await openControls(device);
    const field = device.getById('io.appium.android.apis:id/edit', { exact: true });
    await field.fill('qgjob');
    expect(await field.getText()).toBe('qgjob');
  });
});
