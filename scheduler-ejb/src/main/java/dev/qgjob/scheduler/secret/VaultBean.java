package dev.qgjob.scheduler.secret;

import dev.qgjob.domain.submit.Vault;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.Map;
import java.util.Optional;

/** The vault under this installation's key, which is read or made at the first use. */
@Singleton
@Local(Vault.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@SuppressWarnings("NullAway.Init")
public class VaultBean implements Vault {
  private Vault box;

  @PostConstruct
  void start() {
    box = new SealedBox(KeyFile.key(Settings.current().secretsKey()));
  }

  @Override
  public String seal(Map<String, String> secrets) {
    return box.seal(secrets);
  }

  @Override
  public Optional<Map<String, String>> open(String sealed) {
    return box.open(sealed);
  }
}
