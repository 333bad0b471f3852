const { test, expect } = require('appwright');

async function openSaved(device) {
  await device.getByText('App', { exact: true }).tap();
  await device.getByText('Activity', { exact: true }).tap();
  await device.getByText('Persistent State', { exact: true }).tap();
  return device.getById('io.appium.android.apis:id/saved', { exact: true });
}

// The app keeps this text for ever: the second test sees the first one's only where data leaks.
test('a note can be changed', async ({ device }) => {
  const note = await openSaved(device);
  await note.fill('changed by a test');
  expect(await note.getText()).toContain('changed by a test');
});

test('every test starts with a clean app', async ({ device }) => {
  const note = await openSaved(device);
  expect(await note.getText()).toBe('Initial text.');
});
