package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.TenantId;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsTest {
  private static final TenantId DEFAULT = new TenantId(new UUID(0, 0));
  private static final UUID SOMEBODY = UUID.fromString("7d1d8f5e-2b1a-4c53-9a6e-0c2f8e6b7a10");

  @ParameterizedTest
  @ValueSource(strings = {"%s/report.pdf", "%s/deep/er/report.pdf", "%s/"})
  void the_first_segment_is_the_tenant_when_it_is_a_uuid(String name) {
    assertThat(tenant(name.formatted(SOMEBODY))).isEqualTo(new TenantId(SOMEBODY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "report.pdf",
        "7d1d8f5e-2b1a-4c53-9a6e-0c2f8e6b7a10",
        "shared/7d1d8f5e-2b1a-4c53-9a6e-0c2f8e6b7a10/report.pdf",
        "1-2-3-4-5/report.pdf",
        "/report.pdf"
      })
  void anything_else_belongs_to_the_default_tenant(String name) {
    assertThat(tenant(name)).isEqualTo(DEFAULT);
  }

  private static TenantId tenant(String name) {
    return new Tenants(DEFAULT).of(new ObjectId("bucket", name, 1));
  }
}
