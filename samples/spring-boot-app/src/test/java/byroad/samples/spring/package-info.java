@org.jspecify.annotations.NullMarked
package byroad.samples.spring;
