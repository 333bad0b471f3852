'use strict';
const { createDeviceProvider } = require('./providers');

module.exports = async (config) => {
  const at = process.argv.indexOf('--project');
  for (const project of config.projects) {
    if (at < 0 || project.name !== process.argv[at + 1]) continue;
    const provider = createDeviceProvider(project);
    if (provider.globalSetup) await provider.globalSetup();
  }
};
