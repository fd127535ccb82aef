package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
"""
# URL                                                | JDBC URL                                  | user         | password  | driver properties
postgres://u:p@h:5433/d                              | jdbc:postgresql://h:5433/d                | u            | p         | -
postgresql://u:p@h/d                                 | jdbc:postgresql://h:5432/d                | u            | p         | -
POSTGRESQL://u:p@h/d                                 | jdbc:postgresql://h:5432/d                | u            | p         | -
'  postgres://u:p@h/d  '                             | jdbc:postgresql://h:5432/d                | u            | p         | -
postgres://u@h/d                                     | jdbc:postgresql://h:5432/d                | u            | -         | -
postgres://u:@h/d                                    | jdbc:postgresql://h:5432/d                | u            | -         | -
postgres://u:p@h                                     | jdbc:postgresql://h:5432/u                | u            | p         | -
postgres://u:p@h/                                    | jdbc:postgresql://h:5432/u                | u            | p         | -
postgres://u:p@h:/d                                  | jdbc:postgresql://h:5432/d                | u            | p         | -
postgres://u:p@/d                                    | jdbc:postgresql://localhost:5432/d        | u            | p         | -
postgres://u:p%40s%2Fs%3F%23%25%3A@h/d               | jdbc:postgresql://h:5432/d                | u            | p@s/s?#%: | -
postgres://u:p@ss@h/d                                | jdbc:postgresql://h:5432/d                | u            | p@ss      | -
postgres://u:p:q@h/d                                 | jdbc:postgresql://h:5432/d                | u            | p:q       | -
postgres://u:p+q@h/d                                 | jdbc:postgresql://h:5432/d                | u            | p+q       | -
postgres://u%40corp:p@h/d                            | jdbc:postgresql://h:5432/d                | u@corp       | p         | -
postgres://u:%C3%A4%E2%82%AC@h/d                     | jdbc:postgresql://h:5432/d                | u            | ä€        | -
postgres://u:p@h/my%20db                             | jdbc:postgresql://h:5432/my%20db          | u            | p         | -
postgres://u:p@h/a+b                                 | jdbc:postgresql://h:5432/a%2Bb            | u            | p         | -
postgres://u:p@[::1]:5433/d                          | jdbc:postgresql://[::1]:5433/d            | u            | p         | -
postgres://u:p@[2001:db8::7]/d                       | jdbc:postgresql://[2001:db8::7]:5432/d    | u            | p         | -
postgres://u:p@h1,h2:5433/d                          | jdbc:postgresql://h1:5432,h2:5433/d       | u            | p         | -
postgres://u:p@h1,h2/d?target_session_attrs=read-write | jdbc:postgresql://h1:5432,h2:5432/d     | u            | p         | targetServerType=primary
postgresql:///d?host=h&port=5433&user=u&password=p   | jdbc:postgresql://h:5433/d                | u            | p         | -
postgresql:///d?host=h1,h2&port=1,2&user=u           | jdbc:postgresql://h1:1,h2:2/d             | u            | -         | -
postgresql://?host=::1&user=u&dbname=d               | jdbc:postgresql://[::1]:5432/d            | u            | -         | -
postgres://u:p@h/d?sslmode=require                   | jdbc:postgresql://h:5432/d                | u            | p         | sslmode=require
postgres://u:p@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem | jdbc:postgresql://h:5432/d      | u            | p         | sslmode=verify-full;sslrootcert=/etc/ca.pem
postgres://u:p@h/d?sslrootcert=system                | jdbc:postgresql://h:5432/d                | u            | p         | sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory;sslmode=verify-full
postgres://u:p@h/d?application_name=a%20b&connect_timeout=3 | jdbc:postgresql://h:5432/d         | u            | p         | ApplicationName=a b;connectTimeout=3
postgres://u:p@h/d?options=-c%20statement_timeout%3D5s | jdbc:postgresql://h:5432/d              | u            | p         | options=-c statement_timeout=5s
postgres://u:p@h/d?keepalives=1&keepalives_idle=30   | jdbc:postgresql://h:5432/d                | u            | p         | tcpKeepAlive=true
postgres://u:p@h/d?client_encoding=UTF8              | jdbc:postgresql://h:5432/d                | u            | p         | -
postgres://u:p@h/d?prepareThreshold=3                | jdbc:postgresql://h:5432/d                | u            | p         | prepareThreshold=3
# Supabase: direct, its session pooler, its transaction pooler, and as its integrations write it
postgresql://postgres:p@db.abcd.supabase.co:5432/postgres | jdbc:postgresql://db.abcd.supabase.co:5432/postgres | postgres | p | -
postgres://postgres.abcd:p@aws-0-eu-central-1.pooler.supabase.com:5432/postgres | jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com:5432/postgres | postgres.abcd | p | -
postgres://postgres.abcd:p@aws-0-eu-central-1.pooler.supabase.com:6543/postgres | jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com:6543/postgres | postgres.abcd | p | prepareThreshold=0
postgres://postgres.abcd:p@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1&sslmode=require&supa=base-pooler.x | jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com:6543/postgres | postgres.abcd | p | prepareThreshold=0;sslmode=require
# Neon, Prisma
postgresql://u:p@ep-a-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require | jdbc:postgresql://ep-a-pooler.eu-central-1.aws.neon.tech:5432/neondb | u | p | channelBinding=require;sslmode=require
postgresql://u:p@h/d?schema=app                      | jdbc:postgresql://h:5432/d                | u            | p         | currentSchema=app
# The driver's own form
jdbc:postgresql://h:5433/d?user=u&password=p%26q     | jdbc:postgresql://h:5433/d                | u            | p&q       | -
jdbc:postgresql://h/d?user=u&password=p@q            | jdbc:postgresql://h:5432/d                | u            | p@q       | -
jdbc:postgresql://h/d?user=u+v&ssl=true              | jdbc:postgresql://h:5432/d                | u v          | -         | ssl=true
jdbc:postgresql:d?user=u                             | jdbc:postgresql://localhost:5432/d        | u            | -         | -
jdbc:postgresql:/d?user=u                            | jdbc:postgresql://localhost:5432/d        | u            | -         | -
jdbc:postgresql://u:p@h/d                            | jdbc:postgresql://h:5432/d                | u            | p         | -
jdbc:postgresql://h1:1,[::1]:2/d?user=u              | jdbc:postgresql://h1:1,[::1]:2/d          | u            | -         | -
""")
  void reads_the_forms_people_have(
      String url,
      String jdbcUrl,
      String user,
      @Nullable String password,
      @Nullable String properties)
      throws SQLException {
    DatabaseUrl parsed = DatabaseUrl.parse(url);

    assertThat(parsed.jdbcUrl()).isEqualTo(jdbcUrl);
    assertThat(parsed.user()).isEqualTo(user);
    assertThat(parsed.password()).isEqualTo(password == null ? Secret.NONE : new Secret(password));
    assertThat(printed(parsed.properties())).isEqualTo(properties == null ? "" : properties);
    assertThat(DriverManager.getDriver(jdbcUrl).getPropertyInfo(jdbcUrl, new Properties()))
        .as("what the driver understands")
        .anyMatch(known -> known.name.equals("PGDBNAME") && parsed.database().equals(known.value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                         | must begin with
          mysql://u:hush@h/d                         | must begin with
          u:hush@h/d                                 | must begin with
          postgres://h/d                             | no user
          jdbc:postgresql://h/d                      | no user
          postgres://u:hush@h:54x/d                  | port must be a number
          postgres://u:hush@h:0/d                    | 1 to 65535
          postgres://u:hush@h:70000/d                | 1 to 65535
          postgres://u:hush@::1/d                    | in brackets
          postgres://u:hush@[::1/d                   | in brackets
          postgres://u:hu%sh@h/d                     | two hexadecimal digits
          postgres://u:hush%@h/d                     | two hexadecimal digits
          postgres://u:hush/hush@h/d                 | percent-encoded
          postgres://u:12/hush@h/d                   | percent-encoded
          postgres://u:12?hush=1@h/d                 | percent-encoded
          postgres://u:hush#hush@h/d#hush            | percent-encoded
          postgres://u:p@hush/hush@h/d               | percent-encoded
          postgres://u:p@hush?hush&hush=1@h/d        | percent-encoded
          postgres://u:hush@h/d?sslmode=hush         | sslmode must be one of allow, disable, prefer
          postgres://u:hush@h/d?ssl_mode=require     | option ssl_mode
          postgres://u:hush@h/d?client_encoding=hush | client_encoding must be one of
          postgres://u:hush@h/d?target_session_attrs=hush | target_session_attrs must be
          postgres://u:hush@h1,h2/d?host=a,b,c&port=1,2 | 3 hosts and 2 ports
          postgres://u:hush@%2Fvar%2Frun/d           | Unix socket
          postgresql:///d?host=/cloudsql/p:r:i&user=u&password=hush | Unix socket
          """)
  void says_what_is_wrong_and_no_part_of_a_password(String url, String message) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(InvalidDatabaseUrlException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hush")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:hush@h:5433/d?sslmode=require&sslpassword=hush",
        "jdbc:postgresql://h:5433/d?user=u&password=hush&sslmode=require&sslpassword=hush"
      })
  void can_be_logged(String url) {
    DatabaseUrl parsed = DatabaseUrl.parse(url);

    assertThat(parsed).hasToString("postgresql://u:***@h:5433/d (sslmode, sslpassword)");
    assertThat(parsed.jdbcUrl()).doesNotContain("hush");
    assertThat(parsed.password()).hasToString("***");
  }

  @Property
  void any_password_comes_through_when_it_is_percent_encoded(
      @ForAll @NotBlank @StringLength(max = 40) String password) {
    String valid =
        new String(
            password.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.UTF_8);
    String encoded =
        java.net.URLEncoder.encode(valid, java.nio.charset.StandardCharsets.UTF_8)
            .replace("+", "%20");

    assertThat(DatabaseUrl.parse("postgres://u:" + encoded + "@h/d").password())
        .isEqualTo(new Secret(valid));
  }

  @Test
  void the_pool_asks_for_the_password_at_each_connection() {
    DatabaseUrl url = DatabaseUrl.parse("postgres://u:p@h/d?pgbouncer=true&sslmode=require");
    Iterator<Secret> passwords =
        List.of(new Secret("old"), new Secret("new"), Secret.NONE).iterator();

    DatabaseEndpoint endpoint = url.endpoint(passwords::next);

    assertThat(endpoint.jdbcUrl()).isEqualTo("jdbc:postgresql://h:5432/d");
    assertThat(endpoint.user()).isEqualTo("u");
    assertThat(endpoint.properties()).containsEntry("sslmode", "require");
    assertThat(endpoint.pooler()).isEqualTo(Pooler.TRANSACTION);
    assertThat(endpoint.password().get()).isEqualTo("old");
    assertThat(endpoint.password().get()).isEqualTo("new");
    assertThat(endpoint.password().get()).isNull();
    assertThat(DatabaseUrl.parse("postgres://u:p@h/d").pooler()).isEqualTo(Pooler.NONE);
  }

  @Test
  void another_database_of_the_same_server_is_one_call_away() {
    assertThat(DatabaseUrl.parse("postgres://u:p@h/d?sslmode=require").withDatabase("e"))
        .isEqualTo(DatabaseUrl.parse("postgres://u:p@h/e?sslmode=require"));
  }

  private static String printed(Map<String, String> properties) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(properties)
        .forEach(
            (name, value) ->
                text.append(text.isEmpty() ? "" : ";").append(name).append('=').append(value));
    return text.toString();
  }
}
