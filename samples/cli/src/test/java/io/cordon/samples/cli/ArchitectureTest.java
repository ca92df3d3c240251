package io.cordon.samples.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who knows whom. */
class ArchitectureTest {
  private static final String POLICY = "io.cordon.policy..";
  private static final String API = "io.cordon.sandbox";
  private static final String SPI = "io.cordon.sandbox.spi..";
  private static final String ENGINE = "io.cordon.engine..";
  private static final String WORKER = "io.cordon.worker..";
  private static final String PROCESS = "io.cordon.process..";
  private static final String VM = "io.cordon.vm..";
  private static final String VM_SETUP = "io.cordon.vm.setup";
  private static final String MICROMETER = "io.cordon.micrometer..";
  private static final String SAMPLES = "io.cordon.samples..";

  private static final JavaClasses CORDON =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.cordon");

  /** A package, and the packages of Cordon that it may know. */
  record Arrow(String from, List<String> to) {
    @Override
    public String toString() {
      return from + " knows only " + to;
    }
  }

  static List<Arrow> arrows() {
    return List.of(
        new Arrow(POLICY, List.of(POLICY)),
        new Arrow(API, List.of(API, SPI, POLICY)),
        new Arrow(SPI, List.of(SPI, API, POLICY)),
        new Arrow(ENGINE, List.of(ENGINE, API, SPI, POLICY, WORKER)),
        new Arrow(WORKER, List.of(WORKER)),
        new Arrow(PROCESS, List.of(PROCESS, API, SPI, POLICY)),
        new Arrow(VM, List.of(VM, PROCESS, API, SPI, POLICY)),
        new Arrow(MICROMETER, List.of(MICROMETER, API, POLICY)),
        new Arrow(SAMPLES, List.of(SAMPLES, API, POLICY, VM_SETUP)));
  }

  @ParameterizedTest
  @MethodSource("arrows")
  void aPackageKnowsOnlyThoseBelowIt(Arrow arrow) {
    classes()
        .that()
        .resideInAPackage(arrow.from())
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("io.cordon.."))
                .or(resideInAnyPackage(arrow.to().toArray(String[]::new))))
        .check(CORDON);
  }

  @Test
  void everyPackageIsInOneOfTheArrows() {
    String[] all = arrows().stream().map(Arrow::from).toArray(String[]::new);
    assertThat(CORDON.that(not(resideInAnyPackage(all)))).isEmpty();
  }

  @Test
  void theWorkerIsSmallAndStartsFast() {
    noClasses()
        .that()
        .resideInAPackage(WORKER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.google..", "com.github.benmanes..", "jakarta.inject..", "java.lang.foreign..")
        .check(CORDON);
  }

  @Test
  void nothingIsEverDeserialised() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectInputStream.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ObjectOutputStream.class)
        .check(CORDON);
  }

  @Test
  void onlyProcessIsolationCallsTheKernel() {
    noClasses()
        .that()
        .resideOutsideOfPackage(PROCESS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CORDON);
  }

  @Test
  void nobodyNeedsMicrometerButWhoWantsMeters() {
    noClasses()
        .that()
        .resideOutsideOfPackage(MICROMETER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(CORDON);
  }

  @Test
  void guestLanguagesRunInTheWorkerAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(WORKER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.graalvm..")
        .check(CORDON);
  }

  @Test
  void noStaticFieldIsEverAssignedTwice() {
    noFields().that().areStatic().should().notBeFinal().check(CORDON);
  }
}
